import { describe, expect, test } from "vitest";
import type { Release, ReleasePolicy } from "../api/types";
import {
  draftOfRelease,
  newReleaseDraft,
  presets,
  specOf,
  toggleTriggers,
  withPolicy,
  withSegment,
  withStep,
} from "./releaseDraft";

const release: Release = {
  id: "1",
  flag: "new-checkout",
  variation: "on",
  phase: "progressing",
  step: 0,
  weight: 1_000,
  reason: "",
  version: 3,
  updatedAt: "2026-01-01T00:00:00Z",
  nextStepAt: "2026-01-01T00:10:00Z",
  onRollback: "pause",
  trigger: { deployment: { service: "checkout", version: ">=2.3.0" } },
  steps: [{ weight: 1_000, hold: "10m" }, { weight: 100_000 }],
};

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
    const draft = {
      ...newReleaseDraft("on"),
      triggers: ["at" as const],
      steps: [
        { percent: 5, hold: "soon" },
        { percent: 100, hold: "" },
      ],
    };
    expect(specOf(draft).errors.map(({ pointer }) => pointer)).toEqual(["/trigger/at", "/steps/0/hold"]);
  });

  test("never sends a field in which no number stands", () => {
    const none = Number.NaN;
    const steps = [
      { percent: none, hold: "1h", minSample: none },
      { percent: 100, hold: "" },
    ];
    const guards = [
      { name: "errors", kind: "quantile" as const, metric: "m", quantile: none, tolerance: none, minSample: none },
    ];
    const draft = { ...newReleaseDraft("on", "checkout"), minInstances: none, minShare: none, steps, guards };
    expect(specOf(draft).errors.map(({ pointer }) => pointer)).toEqual([
      "/trigger/deployment/minInstances",
      "/trigger/deployment/minShare",
      "/steps/0/weight",
      "/steps/0/minSample",
      "/guards/0/quantile",
      "/guards/0/tolerance",
      "/guards/0/minSample",
    ]);
  });

  test("puts a new step between the last two", () => {
    expect(withStep(presets[1]!.steps).map(({ percent }) => percent)).toEqual([25, 62.5, 100]);
    expect(withStep([{ percent: 100, hold: "" }]).map(({ percent }) => percent)).toEqual([50, 100]);
  });

  test("loses nothing of a release with everything", () => {
    const full: Release = {
      ...release,
      policy: "careful",
      target: { rule: "beta" },
      trigger: {
        deployment: { service: "checkout", version: ">=2.3.0", healthyFor: "10m", minInstances: 3, minShare: 50 },
        release: { environment: "staging", flag: "other" },
        at: "2026-12-01T09:00:00.000Z",
      },
      steps: [
        { segment: "staff", minSample: 5 },
        { weight: 1_000, hold: "10m" },
        { weight: 100_000, approval: true },
      ],
      windows: [{ from: "09:00", to: "16:00", timeZone: "UTC" }],
    };
    const { policy, variation, target, trigger, steps, windows, onRollback } = full;
    expect(specOf(draftOfRelease(full))).toEqual({
      spec: { policy, variation, target, trigger, steps, windows, guards: [], onRollback },
      errors: [],
    });
  });

  test("leaves to the policy what was not adjusted", () => {
    const policy: ReleasePolicy = {
      key: "fast",
      name: "Fast",
      description: "",
      version: 1,
      createdAt: "",
      updatedAt: "",
      onRollback: "pause",
      steps: [{ weight: 10_000, hold: "5m" }, { weight: 100_000 }],
      deployment: { healthyFor: "1m" },
    };
    const draft = withPolicy(newReleaseDraft("on", "checkout"), policy);
    expect(draft.steps.map(({ percent }) => percent)).toEqual([10, 100]);
    const { spec } = specOf(draft);
    expect(spec).toMatchObject({ policy: "fast", onRollback: "pause", trigger: { deployment: { healthyFor: "1m" } } });
    expect(spec).not.toHaveProperty("steps");
    expect(specOf({ ...draft, adjusted: true }).spec).toMatchObject({ steps: policy.steps, windows: [], guards: [] });
    expect(specOf(withPolicy(draft, undefined)).spec).not.toHaveProperty("policy");
  });

  test("does without a policy that would ask of the deployment what was taken out", () => {
    const policy: ReleasePolicy = {
      key: "careful",
      name: "Careful",
      description: "",
      version: 1,
      createdAt: "",
      updatedAt: "",
      onRollback: "pause",
      steps: [{ weight: 10_000, hold: "5m" }, { weight: 100_000 }],
      deployment: { healthyFor: "10m" },
    };
    const draft = { ...withPolicy(newReleaseDraft("on", "checkout"), policy), healthyFor: "" };
    const { spec } = specOf(draft, [policy]);
    expect(spec).not.toHaveProperty("policy");
    expect(spec).toMatchObject({
      steps: policy.steps,
      onRollback: "pause",
      trigger: { deployment: { service: "checkout" } },
    });
    expect(specOf({ ...draft, minShare: 50 }, [policy]).spec).toMatchObject({ policy: "careful" });
    expect(specOf({ ...draft, triggers: ["manual"] }, [policy]).spec).toMatchObject({ policy: "careful" });
  });

  test("lets in segments before percentages", () => {
    const steps = withSegment(withSegment(presets[1]!.steps));
    expect(steps.map(({ segment }) => segment)).toEqual(["", "", undefined, undefined]);
  });

  test("starts by hand alone or with everything that is chosen", () => {
    expect(toggleTriggers(["deployment", "manual"], ["deployment"])).toEqual(["manual"]);
    expect(toggleTriggers(["manual", "at"], ["manual"])).toEqual(["at"]);
    expect(toggleTriggers([], ["at"])).toEqual(["at"]);
  });
});
