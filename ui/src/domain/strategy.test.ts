import { expect, test } from "vitest";
import { strategyText } from "./strategy";

test("a strategy is named as people say it, with its share of the traffic", () => {
  expect(strategyText("blueGreen", undefined)).toBe("blue-green");
  expect(strategyText("canary", 5_000)).toBe("canary, 5%");
  expect(strategyText(undefined, 12_500)).toBe("12.5%");
  expect(strategyText(undefined, undefined)).toBe("");
});
