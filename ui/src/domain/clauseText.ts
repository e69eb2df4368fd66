import type { Clause, Rule } from "../api/types";
import { showValue, valueKind } from "./clauseValues";
import { isGroup, operators } from "./operators";
import { serveText } from "./serve";

const shownValues = 5;

/** clauseText says a clause in words: `country is one of FR, IT`. */
export function clauseText(clause: Clause): string {
  if (isGroup(clause)) {
    const joined = (clause.all ?? clause.any ?? []).map(clauseText).join(clause.all ? " and " : " or ");
    return `${clause.negate ? "not " : ""}(${joined})`;
  }
  const entry = clause.operator && operators[clause.operator];
  const operator = entry ? (clause.negate ? entry.negated : entry.label) : "?";
  const words = [clause.attribute, operator, valuesText(clause)].filter(Boolean).join(" ");
  return clause.ignoreCase ? `${words} (ignoring case)` : words;
}

function valuesText(clause: Clause): string {
  const values = clause.values ?? [];
  const shown = values.slice(0, shownValues).map((value) => showValue(value, valueKind(clause)));
  const more = values.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

/** ruleText says a rule in words: `if country is one of FR, serve on`. */
export function ruleText({ clauses, serve }: Pick<Rule, "clauses" | "serve">): string {
  const condition = clauses.length > 0 ? `if ${clauses.map(clauseText).join(" and ")}` : "always";
  return `${condition}, serve ${serveText(serve)}`;
}
