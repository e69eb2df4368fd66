import { describe, expect, test } from "vitest";
import type { Release } from "../api/types";
import { draftOfRelease, holdProgress, newReleaseDraft, presets, specOf, verbsFor, withStep } from "./release";

const release: Release = {
  id: "1", flag: "new-checkout", variation: "on", phase: "progressing", step: 0, weight: 1_000, reason: "", version: 3,
  updatedAt: "2026-01-01T00:00:00Z", nextStepAt: "2026-01-01T00:10:00Z", onRollback: "pause",
  trigger: { deployment: { service: "checkout", version: ">=2.3.0" } },
  steps: [{ weight: 1_000, hold: "10m" }, { weight: 100_000 }],
};

test("holdProgress runs from 0 to 1 and stays there", () => {
  expect(holdProgress(release, Date.parse("2026-01-01T00:00:00Z"))).toBe(0);
  expect(holdProgress(release, Date.parse("2026-01-01T00:07:30Z"))).toBe(0.75);
  expect(holdProgress(release, Date.parse("2026-01-01T01:00:00Z"))).toBe(1);
  expect(holdProgress({ ...release, step: 1 }, 0)).toBe(0);
});

test("verbsFor offers no revert of what has not begun", () => {
  expect(verbsFor({ phase: "pending", step: -1 })).toEqual(["start", "pause"]);
  expect(verbsFor({ phase: "paused", step: -1 })).toEqual(["resume"]);
  expect(verbsFor({ phase: "paused", step: 2 })).toContain("revert");
  expect(verbsFor({ phase: "reverted", step: 2 })).toEqual([]);
});

describe("the form of a release", () => {
  test("sends back what it was made of", () => {
    const { variation, trigger, steps, onRollback } = release;
    expect(specOf(draftOfRelease(release))).toEqual({ spec: { variation, trigger, steps, onRollback }, errors: [] });
  });

  test("sends the usual steps, the last without a hold", () => {
    const { spec, errors } = specOf({ ...newReleaseDraft("on", "checkout"), version: ">=2" });
    expect(errors).toEqual([]);
    expect(spec.steps?.map(({ weight }) => weight)).toEqual([1_000, 5_000, 25_000, 50_000, 100_000]);
    expect(spec.steps?.at(-1)).not.toHaveProperty("hold");
  });

  test("tells which field cannot be read", () => {
    const draft = { ...newReleaseDraft("on"), trigger: "at" as const, steps: [{ percent: 5, hold: "soon" }, { percent: 100, hold: "" }] };
    expect(specOf(draft).errors.map(({ pointer }) => pointer)).toEqual(["/steps/0/hold", "/trigger/at"]);
  });

  test("puts a new step between the last two", () => {
    expect(withStep(presets[1]!.steps).map(({ percent }) => percent)).toEqual([25, 62.5, 100]);
    expect(withStep([{ percent: 100, hold: "" }]).map(({ percent }) => percent)).toEqual([50, 100]);
  });
});
