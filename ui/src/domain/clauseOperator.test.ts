import { expect, test } from "vitest";
import type { Clause } from "../api/types";
import { withOperator } from "./clauseOperator";

const plan: Clause = { attribute: "plan", operator: "in", values: ["free", 42, "42"], ignoreCase: true };

test.each<[string, string, Clause]>([
  ["a negated choice negates", "!in", { ...plan, negate: true }],
  ["text operators take text", "contains", { ...plan, operator: "contains", values: ["free", "42", "42"] }],
  ["only text is folded", "greaterThan", { attribute: "plan", operator: "greaterThan", values: ["free", 42, 42] }],
  ["presence takes no values", "exists", { attribute: "plan", operator: "exists" }],
  ["a segment takes no attribute", "inSegment", { operator: "inSegment", values: ["free", "42", "42"] }],
])("%s", (_, choice, clause) => {
  expect(withOperator(plan, choice)).toEqual(clause);
});

test("a choice without negation takes it back", () => {
  expect(withOperator({ ...plan, negate: true }, "in")).toEqual(plan);
});
