import { describe, expect, test } from "vitest";
import { isKey, suggestKey, uniqueKey } from "./flagKey";

describe("keys", () => {
  test.each([
    ["New checkout", "new-checkout"],
    ["  Crème brûlée! ", "creme-brulee"],
    ["v2.1 — cart", "v2.1-cart"],
    ["日本", ""],
  ])("%s becomes %s", (name, key) => {
    expect(suggestKey(name)).toBe(key);
  });

  test("a suggested key is valid, however long the name", () => {
    expect(isKey(suggestKey("a b ".repeat(100)))).toBe(true);
  });

  test("uniqueKey counts on", () => {
    expect(uniqueKey("rule", ["rule", "rule-2"])).toBe("rule-3");
  });
});
