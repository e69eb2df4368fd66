import { expect, test } from "vitest";
import { keysOf, withKeys } from "./targets";

const targets = [
  { variation: "on", values: ["ada"] },
  { variation: "off", values: ["bob"] },
  { variation: "on", values: ["eve"] },
];

test("keysOf gathers the keys of a variation that stands twice", () => {
  expect(keysOf(targets, "on")).toEqual(["ada", "eve"]);
});

test("withKeys replaces them in place, and leaves no empty target", () => {
  expect(withKeys(targets, "on", ["zoe"])).toEqual([
    { variation: "on", values: ["zoe"] },
    { variation: "off", values: ["bob"] },
  ]);
  expect(withKeys(targets, "on", [])).toEqual([{ variation: "off", values: ["bob"] }]);
  expect(withKeys([], "on", ["ada"])).toEqual([{ variation: "on", values: ["ada"] }]);
});
