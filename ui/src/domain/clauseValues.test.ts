import { describe, expect, test } from "vitest";
import { clauseText } from "./clauseText";
import { parseValue, showValue, typedValue, valueType } from "./clauseValues";

describe("values", () => {
  test.each([["FR"], [42], ["42"], [true], ["true"], ['"quoted"'], [""], ["1.2.3"], [-0.5], ["007"]])(
    "%j survives being shown and read",
    (value) => {
      expect(parseValue(showValue(value, "any"), "any")).toEqual(value);
    },
  );

  test.each([["1.10"], ["2.0"], ["42"], ["true"], ["9007199254740993"], ["1e3"], ['"42"'], ["FR"]])(
    "%j is text when it is typed",
    (typed) => {
      expect(typedValue(typed, "any")).toBe(typed);
      expect(parseValue(showValue(typed, "any"), "any")).toBe(typed);
    },
  );

  test("say what they are where the same characters could be something else", () => {
    expect(valueType("42")).toEqual({ is: "text", other: { is: "number", value: 42 } });
    expect(valueType(42)).toEqual({ is: "number", other: { is: "text", value: "42" } });
    expect(valueType("true")).toEqual({ is: "text", other: { is: "true or false", value: true } });
    expect(valueType(false)).toEqual({ is: "true or false", other: { is: "text", value: "false" } });
    expect(valueType("9007199254740993")).toEqual({ is: "text", other: undefined });
    expect(valueType("007")).toEqual({ is: "text", other: undefined });
    expect(valueType("FR")).toBeUndefined();
  });

  test("that a number cannot hold keep their digits", () => {
    expect(typedValue("9007199254740993", "number")).toBe("9007199254740993");
    expect(showValue(parseValue("9007199254740993", "number"), "number")).toBe("9007199254740993");
  });

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
