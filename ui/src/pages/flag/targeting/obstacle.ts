import type { Clause, Serve } from "../../../api/types";
import type { ConfigDraft } from "../../../domain/configDraft";
import { isGroup, operators } from "../../../domain/operators";
import { missingWeight } from "../../../domain/weights";

/** obstacleOf says what has to be finished before an edit can be saved. Everything else the server checks. */
export function obstacleOf({ rules, fallthrough, prerequisites }: ConfigDraft): string | undefined {
  for (const [index, { clauses, serve }] of rules.entries()) {
    if (!isWhole(serve)) {
      return `Rule ${index + 1}: the percentages have to sum to 100.`;
    }
    if (clauses.some(isUnfinished)) {
      return `Rule ${index + 1}: a condition has no attribute or no value yet.`;
    }
  }
  if (!isWhole(fallthrough)) {
    return "Everyone else: the percentages have to sum to 100.";
  }
  if (prerequisites.some(({ flag }) => flag === "")) {
    return "Prerequisites: choose a flag.";
  }
  return undefined;
}

function isWhole({ rollout }: Serve): boolean {
  return !rollout || missingWeight(rollout.weights) === 0;
}

function isUnfinished(clause: Clause): boolean {
  if (isGroup(clause)) {
    return (clause.any ?? clause.all ?? []).some(isUnfinished);
  }
  const kind = clause.operator && operators[clause.operator].values;
  return (kind !== "segment" && !clause.attribute) || (kind !== "none" && (clause.values ?? []).length === 0);
}
