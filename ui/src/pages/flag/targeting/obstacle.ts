import type { Clause, Serve } from "../../../api/types";
import type { ConfigDraft } from "../../../domain/configDraft";
import { oversizeText } from "../../../domain/configSize";
import { isGroup, operators } from "../../../domain/operators";
import { missingWeight } from "../../../domain/weights";

/** obstacleOf says what has to be done before an edit of the base can be saved. Everything else the server checks. */
export function obstacleOf(base: ConfigDraft, draft: ConfigDraft): string | undefined {
  return unfinished(draft) ?? oversizeText(base, draft);
}

function unfinished({ rules, fallthrough, prerequisites }: ConfigDraft): string | undefined {
  for (const [index, { clauses, serve }] of rules.entries()) {
    const shares = obstacleOfServe(serve);
    if (shares) {
      return `Rule ${index + 1}: ${shares}`;
    }
    if (clauses.some(isUnfinished)) {
      return `Rule ${index + 1}: a condition has no attribute or no value yet.`;
    }
  }
  const shares = obstacleOfServe(fallthrough);
  if (shares) {
    return `Everyone else: ${shares}`;
  }
  if (prerequisites.some(({ flag }) => flag === "")) {
    return "Prerequisites: choose a flag.";
  }
  return undefined;
}

function obstacleOfServe({ rollout }: Serve): string | undefined {
  const missing = rollout ? missingWeight(rollout.weights) : 0;
  if (Number.isNaN(missing)) {
    return "a percentage is not a number yet.";
  }
  return missing === 0 ? undefined : "the percentages have to sum to 100.";
}

function isUnfinished(clause: Clause): boolean {
  if (isGroup(clause)) {
    return (clause.any ?? clause.all ?? []).some(isUnfinished);
  }
  const kind = clause.operator && operators[clause.operator].values;
  return (kind !== "segment" && !clause.attribute) || (kind !== "none" && (clause.values ?? []).length === 0);
}
