import { describe, expect, test } from "vitest";
import { fillWeight, formatPercent, fromPercent, missingWeight, setWeight, shares, splitRollout } from "./weights";

const split = (on: number, off: number) => [
  { variation: "on", weight: on },
  { variation: "off", weight: off },
];

describe("percentages", () => {
  test.each([
    [25_000, "25%"],
    [1, "0.001%"],
    [12_345, "12.345%"],
    [100_000, "100%"],
    [0, "0%"],
  ])("%d is written %s", (weight, text) => {
    expect(formatPercent(weight)).toBe(text);
  });

  test.each([
    [33.333, 33_333],
    [0.0004, 0],
    [120, 100_000],
    [-3, 0],
    [29.29, 29_290],
  ])("%d percent is the weight %d", (percent, weight) => {
    expect(fromPercent(percent)).toBe(weight);
  });
});

describe("setWeight", () => {
  test("of two, the other takes the rest", () => {
    expect(setWeight(split(0, 100_000), 0, 25_000)).toEqual(split(25_000, 75_000));
  });

  test("of three, the others stay", () => {
    const weights = [...split(50_000, 50_000), { variation: "new", weight: 0 }];
    const changed = setWeight(weights, 2, 10_000);
    expect(changed.map(({ weight }) => weight)).toEqual([50_000, 50_000, 10_000]);
    expect(missingWeight(changed)).toBe(-10_000);
  });

  test("never leaves 0 to 100 %", () => {
    expect(setWeight(split(0, 100_000), 0, 250_000)).toEqual(split(100_000, 0));
  });
});

test("a percentage that is no number yet changes no other, and no sum is said of it", () => {
  const changed = setWeight(split(25_000, 75_000), 0, fromPercent(Number.NaN));
  expect(changed).toEqual(split(Number.NaN, 75_000));
  expect(missingWeight(changed)).toBeNaN();
});

test("fillWeight makes the sum whole", () => {
  expect(missingWeight(fillWeight(split(20_000, 30_000), 1))).toBe(0);
  expect(fillWeight(split(90_000, 20_000), 1)).toEqual(split(90_000, 10_000));
});

test("splitRollout keeps the seed and the attribute of the rollout before it", () => {
  const before = { bucketBy: "company", seed: "spring", weights: split(1_000, 99_000) };
  expect(splitRollout("on", "off", 5_000, before)).toEqual({ ...before, weights: split(5_000, 95_000) });
});

test("shares adds up a variation that stands twice and leaves out what nobody gets", () => {
  const weights = [...split(10_000, 80_000), { variation: "on", weight: 10_000 }, { variation: "new", weight: 0 }];
  expect(shares(weights)).toEqual(split(20_000, 80_000));
});
