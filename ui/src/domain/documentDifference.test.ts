import { expect, test } from "vitest";
import { documentDifferences } from "./documentDifference";

test("documentDifferences names the fields and leaves out counters", () => {
  const before = { name: "a", version: 1, fallthrough: { variation: "on" }, tags: ["x"] };
  const after = { name: "b", version: 2, fallthrough: { variation: "off" }, tags: ["x"], owner: "team" };
  expect(documentDifferences(before, after)).toEqual([
    { label: "name", before: "a", after: "b" },
    { label: "fallthrough.variation", before: "on", after: "off" },
    { label: "owner", after: "team" },
  ]);
  expect(documentDifferences(undefined, { name: "a" })).toEqual([{ label: "Document", after: '{"name":"a"}' }]);
});
