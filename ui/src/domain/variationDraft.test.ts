import { expect, test } from "vitest";
import type { FlagType, Variation } from "../api/types";
import { draftVariation, firstVariations, readValue, readVariations } from "./variationDraft";

test.each<[FlagType, string, unknown]>([
  ["boolean", "true", true],
  ["string", "true", "true"],
  ["number", "2.5", 2.5],
  ["object", '{"a": [1]}', { a: [1] }],
])("a %s is read from %s", (type, typed, value) => {
  expect(readValue(type, typed)).toEqual({ value });
});

test.each<[FlagType, string]>([
  ["boolean", "yes"],
  ["boolean", "1"],
  ["number", '"1"'],
  ["number", ""],
  ["object", "[1]"],
  ["object", "null"],
  ["object", "{"],
])("a %s is never %s", (type, typed) => {
  expect(readValue(type, typed)).toHaveProperty("error");
});

test("readVariations points at the values that do not fit", () => {
  const [on, off] = firstVariations("number");
  expect(readVariations("number", [on!, { ...off!, value: "none" }]).errors).toEqual([
    { pointer: "/variations/1/value", detail: "The value has to be a number." },
  ]);
});

test.each<[FlagType, string]>([
  ["string", ""],
  ["object", "{ }"],
])("two empty variations of a %s are refused", (type, empty) => {
  const drafts = firstVariations(type).map((draft) => ({ ...draft, value: empty }));
  expect(readVariations(type, drafts).errors).toMatchObject([{ pointer: "/variations/1/value" }]);
  const [on, off] = drafts;
  expect(readVariations(type, [{ ...on!, value: type === "string" ? "red" : '{"a": 1}' }, off!]).errors).toEqual([]);
});

test("digits are kept or refused, never changed", () => {
  const typed = '{"id": 9007199254740993}';
  const { variations } = readVariations("object", [{ key: "big", name: "", description: "", value: typed }]);
  expect(variations.map(draftVariation)[0]?.value).toBe('{"id":9007199254740993}');
  expect(readValue("number", "9007199254740993")).toHaveProperty("error");
});

test("a variation survives being edited", () => {
  const variations: Variation[] = [{ key: "big", name: "Big", value: { size: 3 } }];
  expect(readVariations("object", variations.map(draftVariation))).toEqual({ variations, errors: [] });
});
