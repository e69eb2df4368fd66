import type { Clause, Rule } from "../api/types";

/** What OpenFeature's SDKs and Tidegate's own providers send. */
const wellKnown = ["targetingKey", "serviceName", "serviceVersion", "serviceInstanceId"];

/** attributesOf suggests the attributes that the rules use already, before the well-known ones. */
export function attributesOf(rules: readonly Pick<Rule, "clauses">[]): string[] {
  const used = rules.flatMap(({ clauses }) => clauses.flatMap(attributesIn));
  return [...new Set([...used, ...wellKnown])].filter(Boolean);
}

function attributesIn(clause: Clause): string[] {
  return [clause.attribute ?? "", ...[...(clause.any ?? []), ...(clause.all ?? [])].flatMap(attributesIn)];
}
