import { describe, expect, test } from "vitest";
import type { Clause, Rule } from "../api/types";
import type { ConfigDraft } from "./configDraft";
import { mergeConfigs } from "./configMerge";
import type { Answers } from "./threeWay";

const country = (...values: string[]): Clause => ({ attribute: "country", operator: "in", values });
const plan = (...values: string[]): Clause => ({ attribute: "plan", operator: "in", values });
const rule = (id: string, clauses: Clause[] = [country("FR")], variation = "on"): Rule => ({
  id,
  clauses,
  serve: { variation },
});
const share = (weight: number) => ({
  rollout: {
    weights: [
      { variation: "on", weight },
      { variation: "off", weight: 100_000 - weight },
    ],
  },
});

const base: ConfigDraft = {
  enabled: false,
  offVariation: "off",
  targets: [{ variation: "on", values: ["ada", "bob"] }],
  rules: [rule("r1"), rule("r2", [country("FR"), plan("pro")])],
  fallthrough: { variation: "off" },
  targeting: null,
  prerequisites: [{ flag: "cart", variation: "on" }],
  availability: null,
};

type Part = Partial<ConfigDraft>;
const merge = (mine: Part, theirs: Part, answers?: Answers, was: Part = {}) =>
  mergeConfigs(
    { base: { ...base, ...was }, mine: { ...base, ...was, ...mine }, theirs: { ...base, ...was, ...theirs } },
    answers,
  );

const [r1, r2] = base.rules as [Rule, Rule];
const on = (...values: string[]) => ({ variation: "on", values });
const off = (...values: string[]) => ({ variation: "off", values });

describe("both sides' edits stay", () => {
  test.each<[string, Part, Part, Part]>([
    ["of different fields", { enabled: true }, { offVariation: "on" }, { enabled: true, offVariation: "on" }],
    ["that are the same", { fallthrough: share(5_000) }, { fallthrough: share(5_000) }, { fallthrough: share(5_000) }],
    [
      "their rule beside mine",
      { rules: [r1, r2, rule("mine")] },
      { rules: [r1, r2, rule("r3")] },
      { rules: [r1, r2, rule("r3"), rule("mine")] },
    ],
    [
      "my rule stands where I put it",
      { rules: [rule("mine"), r1, r2] },
      { rules: [r1, r2, rule("r3")] },
      { rules: [rule("mine"), r1, r2, rule("r3")] },
    ],
    [
      "their removed rule stays removed",
      { rules: [r1, r2, rule("mine")] },
      { rules: [r2] },
      { rules: [r2, rule("mine")] },
    ],
    [
      "my removed rule and their new one",
      { rules: [r2] },
      { rules: [r1, rule("r3"), r2] },
      { rules: [rule("r3"), r2] },
    ],
    [
      "my order and their new rule",
      { rules: [r2, r1] },
      { rules: [r1, r2, rule("r3")] },
      { rules: [r2, r1, rule("r3")] },
    ],
    [
      "their order and my change",
      { rules: [r1, { ...r2, description: "mine" }] },
      { rules: [r2, r1] },
      { rules: [{ ...r2, description: "mine" }, r1] },
    ],
    [
      "within a rule: my description, their values, my serve",
      { rules: [{ ...r1, description: "France", serve: share(1_000) }, r2] },
      { rules: [{ ...r1, clauses: [country("FR", "IT")] }, r2] },
      { rules: [{ ...r1, description: "France", clauses: [country("FR", "IT")], serve: share(1_000) }, r2] },
    ],
    [
      "within a condition: values one by one",
      { rules: [rule("r1", [country("ES", "DE")])] },
      { rules: [rule("r1", [country("FR", "IT")])] },
      { rules: [rule("r1", [country("IT", "DE")])] },
    ],
    [
      "conditions, by what they compare",
      { rules: [r1, rule("r2", [country("FR"), plan("pro", "team")])] },
      { rules: [r1, rule("r2", [country("FR"), plan("pro"), { attribute: "beta", operator: "exists" }])] },
      { rules: [r1, rule("r2", [country("FR"), plan("pro", "team"), { attribute: "beta", operator: "exists" }])] },
    ],
    [
      "in groups",
      { rules: [rule("r1", [{ any: [country("FR"), plan("pro", "team")] }])] },
      { rules: [rule("r1", [{ any: [country("FR", "IT"), plan("pro")] }])] },
      { rules: [rule("r1", [{ any: [country("FR", "IT"), plan("pro", "team")] }])] },
    ],
    [
      "their target beside mine",
      { targets: [on("ada", "bob", "eve")] },
      { targets: [on("ada", "bob", "carl")] },
      { targets: [on("ada", "bob", "carl", "eve")] },
    ],
    [
      "their removed target, my new one elsewhere",
      { targets: [on("ada", "bob"), off("eve")] },
      { targets: [on("ada")] },
      { targets: [on("ada"), off("eve")] },
    ],
    [
      "my removed target, their added one",
      { targets: [on("ada")] },
      { targets: [on("ada", "bob"), off("dan")] },
      { targets: [on("ada"), off("dan")] },
    ],
    [
      "my moved target, their added one",
      { targets: [on("ada"), off("bob")] },
      { targets: [on("ada", "bob", "carl")] },
      { targets: [on("ada", "carl"), off("bob")] },
    ],
    [
      "prerequisites, by flag",
      {
        prerequisites: [
          { flag: "cart", variation: "on" },
          { flag: "search", variation: "on" },
        ],
      },
      { prerequisites: [{ flag: "login", variation: "on" }] },
      {
        prerequisites: [
          { flag: "login", variation: "on" },
          { flag: "search", variation: "on" },
        ],
      },
    ],
  ])("%s", (_, mine, theirs, result) => {
    const was: Part = JSON.stringify(mine).includes('"any"')
      ? { rules: [rule("r1", [{ any: [country("FR"), plan("pro")] }])] }
      : JSON.stringify(mine).includes('"ES"')
        ? { rules: [rule("r1", [country("FR", "ES")])] }
        : {};
    expect(merge(mine, theirs, {}, was)).toEqual({ draft: { ...base, ...was, ...result }, conflicts: [] });
  });
});

describe("what both changed, differently, is asked", () => {
  test.each<[string, Part, Part, string, string, string]>([
    [
      "a percentage",
      { fallthrough: share(5_000) },
      { fallthrough: share(50_000) },
      "Everyone else",
      "on 5%, off 95%",
      "on 50%, off 50%",
    ],
    ["the off variation", { offVariation: "on" }, { offVariation: null }, "When off, serve", "on", "code default"],
    [
      "a rule that one removed",
      { rules: [r2] },
      { rules: [{ ...r1, serve: { variation: "off" } }, r2] },
      "Rule r1",
      "removed",
      "if country is one of FR, serve off",
    ],
    [
      "a rule that the other removed",
      { rules: [rule("r1", [country("IT")]), r2] },
      { rules: [r2] },
      "Rule r1",
      "if country is one of IT, serve on",
      "removed",
    ],
    [
      "what a rule serves",
      { rules: [{ ...r1, serve: share(1_000) }, r2] },
      { rules: [{ ...r1, serve: share(2_000) }, r2] },
      "Rule r1: serve",
      "on 1%, off 99%",
      "on 2%, off 98%",
    ],
    [
      "a target that went two ways",
      { targets: [on("ada"), off("bob")] },
      { targets: [on("ada")] },
      "Target bob",
      "always off",
      "no target",
    ],
    [
      "the order of the same rules",
      { rules: [r2, r1, rule("r3")] },
      { rules: [r1, rule("r3"), r2] },
      "Order of the rules",
      "r2, r1, r3",
      "r1, r3, r2",
    ],
    [
      "conditions of which none would be left",
      { rules: [r1, rule("r2", [plan("pro")])] },
      { rules: [r1, rule("r2", [country("FR")])] },
      "Rule r2",
      "plan is one of pro",
      "country is one of FR",
    ],
    [
      "availability",
      { availability: { service: "a", version: ">=1" } },
      { availability: { service: "b", version: ">=1" } },
      "Availability",
      "on instances that run a >=1",
      "on instances that run b >=1",
    ],
    [
      "rules against an expression",
      { rules: [r1] },
      { rules: [], targets: [], fallthrough: {}, targeting: { if: [true, "on", null] } },
      "What decides",
      "if country is one of FR, serve on; everyone else: off",
      'the expression {"if":[true,"on",null]}',
    ],
  ])("%s", (name, mine, theirs, label, mineText, theirsText) => {
    const was: Part = name.startsWith("the order") ? { rules: [r1, r2, rule("r3")] } : {};
    const asked = merge(mine, theirs, {}, was);
    expect(asked.conflicts).toMatchObject([{ label, mine: mineText, theirs: theirsText }]);
    const id = asked.conflicts[0]!.id;
    // Unanswered, theirs stays; each answer gives exactly that side, for nothing else was changed.
    expect(asked.draft).toEqual({ ...base, ...was, ...theirs });
    expect(merge(mine, theirs, { [id]: "theirs" }, was).draft).toEqual({ ...base, ...was, ...theirs });
    expect(merge(mine, theirs, { [id]: "mine" }, was).draft).toEqual({ ...base, ...was, ...mine });
  });
});

describe("for a thousand random pairs of edits", () => {
  const pairs = Array.from({ length: 1000 }, (_, seed) => {
    const random = generator(seed + 1);
    return { base: randomConfig(random), mine: randomConfig(random), theirs: randomConfig(random) };
  });

  test("a side that changed nothing changes nothing", () => {
    for (const { base: was, mine } of pairs) {
      expect(mergeConfigs({ base: was, mine, theirs: was })).toEqual({ draft: mine, conflicts: [] });
      expect(mergeConfigs({ base: was, mine: was, theirs: mine })).toEqual({ draft: mine, conflicts: [] });
      expect(mergeConfigs({ base: was, mine, theirs: mine })).toEqual({ draft: mine, conflicts: [] });
    }
  });

  test("an element that only one side touched is as that side has it", () => {
    for (const { base: was, mine, theirs } of pairs) {
      const { draft } = mergeConfigs({ base: was, mine, theirs });
      const sides = [was, mine, theirs, draft].map(elementsOf);
      for (const key of new Set(sides.flatMap((side) => [...side.keys()]))) {
        const [old, my, their, merged] = sides.map((side) => side.get(key));
        if (my === old || my === their) {
          expect([key, merged]).toEqual([key, their]);
        } else if (their === old) {
          expect([key, merged]).toEqual([key, my]);
        }
      }
    }
  });

  test("every conflict that is answered for one side is gone when that side is put on top again", () => {
    for (const { base: was, mine, theirs } of pairs) {
      const asked = mergeConfigs({ base: was, mine, theirs });
      for (const side of ["mine", "theirs"] as const) {
        const answers = Object.fromEntries(asked.conflicts.map(({ id }) => [id, side]));
        const { draft, conflicts } = mergeConfigs({ base: was, mine, theirs }, answers);
        expect(new Set(conflicts.map(({ id }) => id)).size).toBe(conflicts.length);
        expect(mergeConfigs({ base: theirs, mine: draft, theirs }).conflicts).toEqual([]);
      }
    }
  });
});

/** elementsOf takes a configuration apart into what is merged on its own, rules as a whole. */
function elementsOf({
  enabled,
  offVariation,
  targets,
  rules,
  fallthrough,
  prerequisites,
}: ConfigDraft): Map<string, string> {
  return new Map([
    ["enabled", String(enabled)],
    ["off", String(offVariation)],
    ["fallthrough", JSON.stringify(fallthrough)],
    ...targets.flatMap(({ variation, values }) => values.map((key): [string, string] => [`target ${key}`, variation])),
    ...rules.map((one): [string, string] => [`rule ${one.id}`, JSON.stringify(one)]),
    ...prerequisites.map(({ flag, variation }): [string, string] => [`prerequisite ${flag}`, variation]),
  ]);
}

type Random = (below: number) => number;

/** generator gives the same numbers for the same seed (a linear congruence). */
function generator(seed: number): Random {
  let state = seed * 2_654_435_761;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

function some<T>(random: Random, from: readonly T[]): T[] {
  return from.filter(() => random(2) === 0);
}

function randomConfig(random: Random): ConfigDraft {
  const keys = some(random, ["ada", "bob", "carl", "dan"]);
  const split = random(keys.length + 1);
  const rules = some(random, ["a", "b", "c", "d"]).map((id) =>
    rule(id, [country(...["FR", "IT"].slice(random(2)))], random(2) === 0 ? "on" : "off"),
  );
  return {
    enabled: random(2) === 0,
    offVariation: [null, "on", "off"][random(3)] ?? null,
    targets: [on(...keys.slice(0, split)), off(...keys.slice(split))].filter(({ values }) => values.length > 0),
    rules: random(3) === 0 ? rules.reverse() : rules,
    fallthrough: share(random(3) * 1_000),
    targeting: null,
    prerequisites: some(random, ["cart", "login"]).map((flag) => ({ flag, variation: random(2) === 0 ? "on" : "off" })),
    availability: null,
  };
}
