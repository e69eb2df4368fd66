import { describe, expect, test } from "vitest";
import { turnOnEffect } from "./serve";

describe("turnOnEffect", () => {
  const config = { offVariation: "off", targets: [], rules: [], prerequisites: [], fallthrough: { variation: "on" } };

  test("tells that everyone gets the variation", () => {
    expect(turnOnEffect(config).fullyServed).toBe("on");
  });

  test("is silent where little or nothing changes", () => {
    expect(turnOnEffect({ ...config, fallthrough: { variation: "off" } }).fullyServed).toBeUndefined();
    const weights = [{ variation: "on", weight: 25_000 }, { variation: "off", weight: 75_000 }];
    expect(turnOnEffect({ ...config, fallthrough: { rollout: { weights } } })).toMatchObject({
      everyoneElse: "on 25%, off 75%",
      fullyServed: undefined,
    });
  });
});
