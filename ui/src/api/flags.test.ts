import { expect, test } from "vitest";
import { mergeFlag } from "./flags";
import type { Flag } from "./types";

test("mergeFlag replaces, inserts by key, and removes", () => {
  const flag = (key: string, name = "") => ({ key, name }) as Flag;
  const list = [flag("a"), flag("c")];
  expect(mergeFlag(list, flag("b"), true).map(({ key }) => key)).toEqual(["a", "b", "c"]);
  expect(mergeFlag(list, flag("c", "new"), true)).toEqual([flag("a"), flag("c", "new")]);
  expect(mergeFlag(list, flag("d"), true).map(({ key }) => key)).toEqual(["a", "c", "d"]);
  expect(mergeFlag(list, flag("a"), false)).toEqual([flag("c")]);
});
