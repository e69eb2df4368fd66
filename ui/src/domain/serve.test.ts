import { describe, expect, test } from "vitest";
import { asRollout, openingOf, openTo, turnOnEffect } from "./serve";

describe("turnOnEffect", () => {
  const config = { offVariation: "off", targets: [], rules: [], prerequisites: [], fallthrough: { variation: "on" } };

  test("tells that everyone gets the variation", () => {
    expect(turnOnEffect(config).fullyServed).toBe("on");
  });

  test("is silent where little or nothing changes", () => {
    expect(turnOnEffect({ ...config, fallthrough: { variation: "off" } }).fullyServed).toBeUndefined();
    const weights = [
      { variation: "on", weight: 25_000 },
      { variation: "off", weight: 75_000 },
    ];
    expect(turnOnEffect({ ...config, fallthrough: { rollout: { weights } } })).toMatchObject({
      everyoneElse: "on 25%, off 75%",
      fullyServed: undefined,
    });
  });
});

describe("a percentage", () => {
  const off = { variation: "off" };
  const quarter = {
    rollout: {
      weights: [
        { variation: "on", weight: 25_000 },
        { variation: "off", weight: 75_000 },
      ],
    },
  };

  test("opens what is not the off variation", () => {
    expect(openingOf(off, ["on", "off"], "off")).toEqual({ opened: "on", rest: "off" });
    expect(openingOf({ variation: "blue" }, ["red", "blue", "off"], "off")).toEqual({ opened: "blue", rest: "off" });
    expect(openingOf({ variation: "a" }, ["a", "b"], null)).toEqual({ opened: "a", rest: "b" });
    expect(openingOf(off, ["off"], "off")).toBeUndefined();
  });

  test("is a split, and all of it is the variation", () => {
    const opening = { opened: "on", rest: "off" };
    expect(openTo(opening, 25_000, off)).toEqual(quarter);
    expect(openTo(opening, 100_000, quarter)).toEqual({ variation: "on" });
  });

  test("never loses a bucketing of its own", () => {
    const seeded = { rollout: { ...quarter.rollout, seed: "spring" } };
    expect(openTo({ opened: "on", rest: "off" }, 100_000, seeded).rollout).toMatchObject({ seed: "spring" });
  });

  test("has a line for each variation when a variation is turned into one", () => {
    expect(asRollout({ variation: "b" }, ["a", "b", "c"]).rollout?.weights.map(({ weight }) => weight)).toEqual([
      0, 100_000, 0,
    ]);
    expect(asRollout(quarter, ["a", "b"])).toBe(quarter);
  });
});
