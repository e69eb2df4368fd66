import { describe, expect, test } from "vitest";
import { clauseText } from "./clauseText";
import { parseValue, showValue } from "./clauseValues";

describe("values", () => {
  test.each([["FR"], [42], ["42"], [true], ["true"], ['"quoted"'], [""], ["1.2.3"], [-0.5], ["007"]])(
    "%j survives being shown and read",
    (value) => {
      expect(parseValue(showValue(value, "any"), "any")).toEqual(value);
    },
  );

  test("are read as the operator needs them", () => {
    expect(parseValue("42", "text")).toBe("42");
    expect(parseValue("42", "number")).toBe(42);
    expect(parseValue("2026-12-01T09:00:00Z", "instant")).toBe("2026-12-01T09:00:00Z");
    expect(parseValue("1790000000", "instant")).toBe(1790000000);
  });
});

test("clauseText says groups and negation", () => {
  const country = { attribute: "country", operator: "in" as const, values: ["FR", "IT"], negate: true };
  const beta = { attribute: "email", operator: "endsWith" as const, values: ["@a.example"], ignoreCase: true };
  expect(clauseText({ any: [country, { all: [beta, { attribute: "plan", operator: "exists" }] }] })).toBe(
    "(country is not one of FR, IT or (email ends with @a.example (ignoring case) and plan exists))",
  );
});
