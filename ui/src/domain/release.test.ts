import { expect, test } from "vitest";
import type { Release, ReleaseEvent } from "../api/types";
import { holdProgress, nextApproval, remainingWaits, turns, windowText } from "./release";

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

test("holdProgress runs from 0 to 1 and stays there", () => {
  expect(holdProgress(release, Date.parse("2026-01-01T00:00:00Z"))).toBe(0);
  expect(holdProgress(release, Date.parse("2026-01-01T00:07:30Z"))).toBe(0.75);
  expect(holdProgress(release, Date.parse("2026-01-01T01:00:00Z"))).toBe(1);
  expect(holdProgress({ ...release, step: 1 }, 0)).toBe(0);
});

test("windowText says when a window is open", () => {
  expect(windowText({ from: "09:00", to: "16:00", timeZone: "Europe/Berlin" })).toBe(
    "Mon–Fri 09:00–16:00 Europe/Berlin",
  );
  expect(windowText({ days: ["sunday"], from: "00:00", to: "24:00", timeZone: "UTC" })).toBe("Sun 00:00–24:00 UTC");
});

test("nextApproval is the first ahead that nobody has given", () => {
  const steps = [
    { weight: 1, approval: true },
    { weight: 2, approval: true },
    { weight: 3, approval: true },
  ];
  expect(nextApproval({ ...release, steps })).toBe(1);
  expect(nextApproval({ ...release, steps, approvals: [{ step: 1, by: "ada", at: "" }] })).toBe(2);
  expect(nextApproval({ ...release, steps, step: 2 })).toBeUndefined();
  expect(nextApproval({ ...release, steps, phase: "reverted" })).toBeUndefined();
});

test("remainingWaits leaves out what is said already", () => {
  const hold = { kind: "hold", text: "for the hold to end at 2026-11-21T08:30:05Z" } as const;
  const guard = { kind: "guard", text: "for guard latency (nothing is measured yet)" } as const;
  expect(remainingWaits({ waits: [hold, guard], reason: "Step 1." })).toEqual([hold, guard]);
  expect(remainingWaits({ waits: [hold], reason: "Step 1.", nextStepAt: "2026-11-21T08:30:05Z" })).toEqual([]);
  expect(remainingWaits({ waits: [guard], reason: `Waiting ${guard.text}.` })).toEqual([]);
  expect(remainingWaits({ reason: "" })).toEqual([]);
});

test("turns leaves out events that say what the one before said", () => {
  const event = (at: string, reason: string): ReleaseEvent => ({
    at,
    reason,
    phase: "progressing",
    step: 0,
    weight: 1_000,
    actor: { kind: "release", name: "release" },
  });
  const events = [event("4", "b"), event("3", "b"), event("2", "a"), event("1", "b")];
  expect(turns(events).map(({ at }) => at)).toEqual(["3", "2", "1"]);
});
