import { expect, test } from "vitest";
import type { Change } from "../api/types";
import { changeDifferences, changeSubject, changeTitle } from "./changeText";

const change: Change = {
  environment: "production",
  revision: 7,
  at: "2026-01-01T00:00:00Z",
  actor: { kind: "user", name: "admin" },
  kind: "flagConfig",
  key: "new-checkout",
  reason: "",
};
const off = { enabled: false, offVariation: "off", fallthrough: { variation: "on" } };

test("a configuration is compared in words, though it was stored without its empty lists", () => {
  const recorded = { ...change, before: off, after: { ...off, enabled: true } };
  expect(changeTitle(recorded)).toBe("Changed configuration of");
  expect(changeDifferences(recorded)).toEqual([{ label: "State", before: "off", after: "on" }]);
});

test("any other document is compared field by field", () => {
  const renamed: Change = {
    ...change,
    kind: "flag",
    before: { name: "A", version: 1 },
    after: { name: "B", version: 2 },
  };
  expect(changeDifferences(renamed)).toEqual([{ label: "name", before: "A", after: "B" }]);
});

test("what was created is told, not spelt out", () => {
  const created: Change = { ...change, kind: "flag", after: { name: "A" } };
  expect(changeTitle(created)).toBe("Created flag");
  expect(changeDifferences(created)).toEqual([]);
  expect(changeTitle({ ...change, kind: "segment", before: {} })).toBe("Removed segment");
});

test("a release tells its phase and its share, not its bookkeeping", () => {
  const document = (phase: string, weight: number) => ({
    spec: { variation: "on" },
    state: { phase, weight, step: 0, configVersion: weight },
  });
  const moved: Change = {
    ...change,
    kind: "release",
    before: document("pending", 0),
    after: document("progressing", 1_000),
  };
  expect(changeDifferences(moved)).toEqual([
    { label: "phase", before: "pending", after: "progressing" },
    { label: "share", before: "0%", after: "1%" },
  ]);
});

test("a deployment is named by what was deployed", () => {
  const deployed: Change = {
    ...change,
    kind: "deployment",
    key: "38f1fd82",
    after: { service: "checkout", version: "2.3.0" },
  };
  expect(changeSubject(deployed)).toBe("checkout 2.3.0");
  expect(changeSubject(change)).toBe("new-checkout");
});
