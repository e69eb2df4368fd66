import { expect, test } from "vitest";
import type { Change } from "../api/types";
import { changeDifferences, changeTitle } from "./changeText";

const change: Change = {
  environment: "production", revision: 7, at: "2026-01-01T00:00:00Z", actor: { kind: "user", name: "admin" },
  kind: "flagConfig", key: "new-checkout", reason: "",
};
const off = { enabled: false, offVariation: "off", fallthrough: { variation: "on" } };

test("a configuration is compared in words, though it was stored without its empty lists", () => {
  const recorded = { ...change, before: off, after: { ...off, enabled: true } };
  expect(changeTitle(recorded)).toBe("Changed configuration of");
  expect(changeDifferences(recorded)).toEqual([{ label: "State", before: "off", after: "on" }]);
});

test("any other document is compared field by field", () => {
  const renamed: Change = { ...change, kind: "flag", before: { name: "A", version: 1 }, after: { name: "B", version: 2 } };
  expect(changeDifferences(renamed)).toEqual([{ label: "name", before: "A", after: "B" }]);
});

test("what was created is told, not spelt out", () => {
  const created: Change = { ...change, kind: "flag", after: { name: "A" } };
  expect(changeTitle(created)).toBe("Created flag");
  expect(changeDifferences(created)).toEqual([]);
  expect(changeTitle({ ...change, kind: "segment", before: {} })).toBe("Removed segment");
});
