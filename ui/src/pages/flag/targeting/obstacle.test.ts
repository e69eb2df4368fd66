import { expect, test } from "vitest";
import type { Clause, Serve } from "../../../api/types";
import type { ConfigDraft } from "../../../domain/configDraft";
import { obstacleOf } from "./obstacle";

const on: Serve = { variation: "on" };
const broken: Serve = { rollout: { weights: [{ variation: "on", weight: 90_000 }] } };

const unread: Serve = {
  rollout: {
    weights: [
      { variation: "on", weight: Number.NaN },
      { variation: "off", weight: 100_000 },
    ],
  },
};

function draft(part: Partial<ConfigDraft>): ConfigDraft {
  return { enabled: true, offVariation: "off", targets: [], rules: [], fallthrough: on, prerequisites: [], ...part };
}

const withClause = (clause: Clause, serve = on) => draft({ rules: [{ id: "r", clauses: [clause], serve }] });
const country: Clause = { attribute: "country", operator: "in", values: ["FR"] };

test.each<[string, ConfigDraft, RegExp]>([
  ["a fallthrough that does not sum up", draft({ fallthrough: broken }), /Everyone else/],
  ["a percentage that is no number", draft({ fallthrough: unread }), /Everyone else: a percentage is not a number/],
  ["a rule that does not sum up", withClause(country, broken), /Rule 1: the percentages/],
  ["a condition without an attribute", withClause({ ...country, attribute: "" }), /Rule 1: a condition/],
  ["a condition without values", withClause({ ...country, values: [] }), /Rule 1: a condition/],
  [
    "an unfinished condition inside a group",
    withClause({ any: [country, { all: [{ ...country, values: [] }] }] }),
    /Rule 1/,
  ],
  ["a prerequisite without a flag", draft({ prerequisites: [{ flag: "", variation: "" }] }), /Prerequisites/],
])("%s is in the way", (_, unfinished, obstacle) => {
  expect(obstacleOf(draft({}), unfinished)).toMatch(obstacle);
});

test.each<[string, Clause]>([
  ["a comparison", country],
  ["presence, which takes no values", { attribute: "country", operator: "exists" }],
  ["a segment, which takes no attribute", { operator: "inSegment", values: ["beta"] }],
])("%s may be saved", (_, clause) => {
  expect(obstacleOf(draft({}), withClause(clause))).toBeUndefined();
});
