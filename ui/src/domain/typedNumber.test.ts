import { expect, test } from "vitest";
import { type NumberLimits, pastedNumber, readNumber, trimZeros } from "./typedNumber";

const percent: NumberLimits = { min: 0, max: 100, decimals: 3, required: true };
const count: NumberLimits = { min: 0, decimals: 0 };

test.each<[string | number, NumberLimits, number | undefined]>([
  ["75", percent, 75],
  ["075", percent, 75],
  ["7.", percent, 7],
  ["33.3330", percent, 33.333],
  ["0.001", percent, 0.001],
  [29.29, percent, 29.29],
  ["", count, undefined],
  ["12", count, 12],
  ["-0.5", {}, -0.5],
  [".5", {}, 0.5],
  ["9007199254740992", {}, 9007199254740992],
  ["1000000000000000000000", {}, 1e21],
  [1e-7, {}, 1e-7],
])("%j is read", (typed, limits, value) => {
  expect(readNumber(typed, limits)).toEqual({ value });
});

test.each<[string, NumberLimits, string]>([
  ["", percent, "A number is missing."],
  ["-", {}, "A number."],
  [".", {}, "A number."],
  ["150", percent, "From 0 to 100."],
  ["-1", count, "At least 0."],
  ["12.5", count, "A whole number."],
  ["33.3333", percent, "At most 3 decimals."],
  ["9007199254740993", {}, "More digits than a number keeps."],
  ["0.12345678901234567891", {}, "More digits than a number keeps."],
])("%j is no number yet", (typed, limits, fault) => {
  expect(readNumber(typed, limits)).toEqual({ value: Number.NaN, fault });
});

test("whatever is typed is read as itself or not at all", () => {
  for (let thousandths = 0; thousandths <= 100_000; thousandths += 373) {
    const typed = (thousandths / 1000).toFixed(3);
    for (let length = 1; length <= typed.length; length++) {
      const part = typed.slice(0, length);
      const { value } = readNumber(part, percent);
      expect(Number(part)).toBe(value);
    }
  }
});

test.each([
  ["075", "75"],
  ["0", "0"],
  ["00", "0"],
  ["0.5", "0.5"],
  ["-07", "-7"],
  ["100", "100"],
])("%s trimmed is %s", (typed, left) => {
  expect(trimZeros(typed)).toBe(left);
});

test.each([
  ["75", "75"],
  [" 75 % ", "75"],
  ["75%\n", "75"],
  ["0,5", "0.5"],
  ["1 000", "1000"],
  ["12 345,5", "12345.5"],
  ["1'000'000", "1000000"],
  ["−3", "-3"],
  ["+3", "3"],
  ["1.10", "1.10"],
  ["042", "42"],
])("pasted %j is %s", (pasted, text) => {
  expect(pastedNumber(pasted)).toBe(text);
});

test.each([["ten"], ["1e3"], ["10m"], ["1-2"], ["1.2.3"], ["1,2,3"], ["50/50"], [""], ["0x10"]])(
  "pasted %j is not one number",
  (pasted) => {
    expect(pastedNumber(pasted)).toBeUndefined();
  },
);
