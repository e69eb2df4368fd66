import { expect, test } from "vitest";
import { configDifferences } from "./configDifference";
import { byExpression, byRules, type ConfigDraft, configPatch, draftOf } from "./configDraft";
import { readExpression, writeExpression } from "./expression";

const rules: ConfigDraft = {
  enabled: true,
  offVariation: "off",
  targets: [],
  rules: [],
  fallthrough: { variation: "on" },
  prerequisites: [],
  availability: null,
  targeting: null,
};
const expression = { if: [{ "==": [{ var: "plan" }, null] }, null, "on"] };

test("an expression is sent as a whole and takes the place of the fallthrough", () => {
  const decided = { ...rules, ...byExpression("on"), targeting: expression };
  expect(configPatch(rules, decided)).toEqual({ fallthrough: { variation: null }, targeting: expression });
  expect(configPatch(decided, { ...decided, targeting: { or: ["on"] } })).toEqual({ targeting: { or: ["on"] } });
  expect(configPatch(decided, { ...decided, ...byRules("off") })).toEqual({
    fallthrough: { variation: "off" },
    targeting: null,
  });
  expect(configPatch(decided, { ...decided, enabled: false })).toEqual({ enabled: false });
});

test("configDifferences shows the expression", () => {
  expect(configDifferences(rules, { ...rules, ...byExpression("on") })).toEqual([
    { label: "Everyone else", before: "on" },
    { label: "Expression", after: '{"if":[true,"on",null]}' },
  ]);
});

test("draftOf reads a configuration with and without an expression", () => {
  const serving = { state: "on", short: "100% on", sentence: "Everyone gets on." } as const;
  const rest = {
    ...rules,
    serving,
    servingIfSwitched: serving,
    servingIfKilled: serving,
    version: 1,
    revision: 1,
    updatedAt: "",
    updatedBy: "",
  };
  expect(draftOf({ ...rest, targeting: expression }).targeting).toEqual(expression);
  expect(draftOf({ ...rest, targeting: null }).targeting).toBeNull();
});

test("an expression is written so that it can be read again", () => {
  const long = {
    if: [{ in: [{ var: "country" }, ["FR", "IT", "ES", "PT", "DE", "AT", "CH", "BE", "NL", "LU"]] }, "on", "off"],
  };
  const text = writeExpression(long);
  expect(text.split("\n").length).toBeGreaterThan(3);
  expect(readExpression(text)).toEqual(long);
  expect(writeExpression(expression)).toBe('{"if": [{"==": [{"var": "plan"}, null]}, null, "on"]}');
  for (const nothing of ["", "[", "[1]", "7", "null"]) {
    expect(readExpression(nothing)).toBeUndefined();
  }
});
