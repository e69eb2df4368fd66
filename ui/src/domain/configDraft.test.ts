import { expect, test } from "vitest";
import { configDifferences } from "./configDifference";
import { type ConfigDraft, configPatch } from "./configDraft";

const base: ConfigDraft = {
  enabled: false,
  offVariation: "off",
  targets: [{ variation: "on", values: ["ada", "bob"] }],
  rules: [
    {
      id: "beta",
      description: "beta",
      clauses: [{ attribute: "country", operator: "in", values: ["FR"] }],
      serve: { variation: "on" },
    },
    { id: "staff", clauses: [], serve: { variation: "off" } },
  ],
  fallthrough: { variation: "on" },
  prerequisites: [],
  availability: null,
};

const quarter = {
  rollout: {
    weights: [
      { variation: "on", weight: 25_000 },
      { variation: "off", weight: 75_000 },
    ],
  },
};

test("configPatch sends what changed and takes back what a merge would leave behind", () => {
  expect(configPatch(base, { ...base, enabled: true, fallthrough: quarter })).toEqual({
    enabled: true,
    fallthrough: { variation: null, ...quarter },
  });
  expect(configPatch({ ...base, availability: { service: "shop", version: ">=2" } }, base)).toEqual({
    availability: null,
  });
});

test("configDifferences says in words what changes", () => {
  const [beta, staff] = base.rules;
  const after: ConfigDraft = {
    ...base,
    enabled: true,
    targets: [{ variation: "on", values: ["bob", "eve"] }],
    rules: [
      { ...staff!, serve: quarter },
      { ...beta!, clauses: [{ attribute: "country", operator: "in", values: ["FR", "IT"], negate: true }] },
    ],
    fallthrough: quarter,
    availability: { service: "shop", version: ">=2.3.0", scope: "fleet" },
  };
  expect(configDifferences(base, after)).toEqual([
    { label: "State", before: "off", after: "on" },
    { label: "Availability", after: "once the whole fleet runs shop >=2.3.0" },
    { label: "Targets of on", before: "ada" },
    { label: "Targets of on", after: "eve" },
    { label: "Rule 1", before: "always, serve off", after: "always, serve on 25%, off 75%" },
    {
      label: "Rule 2 “beta”",
      before: "if country is one of FR, serve on",
      after: "if country is not one of FR, IT, serve on",
    },
    { label: "Order of the rules", before: "beta, staff", after: "staff, beta" },
    { label: "Everyone else", before: "on", after: "on 25%, off 75%" },
  ]);
});

test("a rule that comes or goes has one side only", () => {
  const [beta, staff] = base.rules;
  expect(configDifferences(base, { ...base, rules: [staff!] })).toEqual([
    { label: "Rule 1 “beta”", before: "if country is one of FR, serve on" },
  ]);
  expect(configDifferences({ ...base, rules: [beta!] }, base)).toEqual([
    { label: "Rule 2", after: "always, serve off" },
  ]);
});

test("a change beyond the shortened list of values is not hidden", () => {
  const rule = (values: string[]) => ({
    id: "r",
    clauses: [{ attribute: "plan", operator: "in" as const, values }],
    serve: { variation: "on" },
  });
  const long = ["a", "b", "c", "d", "e", "f"];
  const before = { ...base, rules: [rule(long)] };
  const after = { ...base, rules: [rule([...long.slice(0, 5), "z"])] };
  const [difference] = configDifferences(before, after);
  expect(difference?.before).toContain('"f"');
  expect(difference?.after).toContain('"z"');
});
