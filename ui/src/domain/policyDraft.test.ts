import { describe, expect, test } from "vitest";
import type { ReleasePolicy } from "../api/types";
import { draftOfPolicy, newPolicy, policyOf, readinessText, stepsText } from "./policyDraft";

const careful: ReleasePolicy = {
  key: "careful",
  name: "Careful",
  description: "Slowly.",
  version: 1,
  createdAt: "",
  updatedAt: "",
  onRollback: "pause",
  steps: [
    { segment: "staff", hold: "1h" },
    { weight: 1_000, hold: "30m" },
    { weight: 100_000, approval: true },
  ],
  windows: [{ from: "09:00", to: "16:00", timeZone: "UTC" }],
  guards: [{ name: "errors", kind: "rate", metric: "error", per: "attempt" }],
  deployment: { healthyFor: "10m", minShare: 80 },
};

describe("the form of a release policy", () => {
  test("sends back what it was made of", () => {
    const { name, description, steps, windows, guards, onRollback, deployment } = careful;
    expect(policyOf(draftOfPolicy(careful))).toEqual({
      policy: { name, description, steps, windows, guards, onRollback, deployment },
      errors: [],
    });
  });

  test("is called by its key unless it has a name", () => {
    expect(policyOf({ ...newPolicy, key: "nightly" }).policy).toMatchObject({ name: "nightly", deployment: {} });
  });

  test("tells which field cannot be read", () => {
    const draft = {
      ...newPolicy,
      healthyFor: "long",
      steps: [
        { percent: 5, hold: "soon" },
        { percent: 100, hold: "" },
      ],
    };
    expect(policyOf(draft).errors.map(({ pointer }) => pointer)).toEqual(["/steps/0/hold", "/deployment/healthyFor"]);
    const guards = [{ name: "load", kind: "web" as const, url: "https://example.com", threshold: Number.NaN }];
    expect(policyOf({ ...newPolicy, guards }).errors.map(({ pointer }) => pointer)).toEqual(["/guards/0/threshold"]);
  });
});

test("a policy in a line", () => {
  expect(stepsText(careful)).toBe("staff → 1% → 100%");
  expect(readinessText(careful.deployment)).toBe("healthy for 10m, 80% of the fleet");
  expect(readinessText({ minInstances: 1 })).toBe("1 instance");
  expect(readinessText()).toBe("");
});
