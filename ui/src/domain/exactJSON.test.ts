import { expect, test } from "vitest";
import { isExactNumber, parseJSON, writeJSON } from "./exactJSON";
import { isObject, mergePatch, sameJSON } from "./mergePatch";

test.each([
  ["9007199254740993"],
  ['{"id":9007199254740993,"others":[-12345678901234567890,0.12345678901234567891]}'],
  ['{"text":"9007199254740993","plain":1,"none":null,"yes":true}'],
  ["1e400"],
])("%s is written as it was read", (text) => {
  expect(writeJSON(parseJSON(text))).toBe(text);
});

test("an ordinary document has ordinary numbers", () => {
  expect(parseJSON('{"a": 1.50, "b": "12345678901234567890"}')).toEqual({ a: 1.5, b: "12345678901234567890" });
});

test("a number with many digits is one value, and another with one digit more is another", () => {
  const [before, after] = [parseJSON('{"id": 9007199254740993}'), parseJSON('{"id": 9007199254740992}')];
  const { id } = before as { id: unknown };
  expect(isExactNumber(id)).toBe(true);
  expect(isObject(id)).toBe(false);
  expect(sameJSON(before, after)).toBe(false);
  expect(sameJSON(before, parseJSON('{"id": 9007199254740993}'))).toBe(true);
  expect(writeJSON(mergePatch({ value: after }, { value: before }))).toBe('{"value":{"id":9007199254740993}}');
});

test("what is not JSON is not read", () => {
  expect(() => parseJSON("{1234567890123456}")).toThrow();
  expect(writeJSON(undefined)).toBe("");
});
