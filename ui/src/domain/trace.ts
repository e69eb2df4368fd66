import type { Clause, ClauseTrace, Explanation, Outcome, RolloutTrace, RuleTrace, ServeTrace } from "../api/types";
import { clauseText } from "./clauseText";
import { writeJSON } from "./exactJSON";

/** TraceStep is one step of an evaluation, in words. */
export interface TraceStep {
  outcome: Outcome;
  text: string;
  details: string[];
}

/** traceOf tells an explanation as steps, in the order of the evaluation. */
export function traceOf(explanation: Explanation): TraceStep[] {
  const { enabled, availability, prerequisites = [], targets = [], rules = [] } = explanation;
  return [
    { outcome: enabled ? "matched" : "notMatched", text: enabled ? "The flag is on" : "The flag is off", details: [] },
    ...(availability ? [availabilityStep(availability)] : []),
    ...prerequisites.map(({ outcome, flag, variation, explanation: other }) => ({
      outcome,
      text: `Prerequisite: ${flag} serves ${variation}`,
      details: other ? [`it serves ${other.variation ?? "the code default"} (${other.reason})`] : [],
    })),
    ...targets.map(({ outcome, variation, valueCount }) => ({
      outcome,
      text: `Target of ${variation}: one of ${valueCount} keys`,
      details: [],
    })),
    ...rules.map(ruleStep),
    ...(explanation.targeting ? [expressionStep(explanation.targeting)] : []),
    ...(explanation.fallthrough ? [serveStep("Everyone else", explanation.fallthrough)] : []),
  ];
}

function expressionStep({
  outcome,
  variation,
  steps = [],
  stepCount,
}: NonNullable<Explanation["targeting"]>): TraceStep {
  const lines = steps.map(({ pointer, value, failed }) => `${pointer}: ${failed ? "failed" : writeJSON(value)}`);
  const more = stepCount - steps.length;
  return {
    outcome,
    text: variation ? `Expression: serve ${variation}` : "Expression",
    details: more > 0 ? [...lines, `and ${more} steps more`] : lines,
  };
}

function availabilityStep(trace: NonNullable<Explanation["availability"]>): TraceStep {
  const actual = [trace.actualService, trace.actualVersion].filter(Boolean).join(" ") || "no service in the context";
  const found =
    trace.fleetOpen === undefined ? actual : trace.fleetOpen ? "the whole fleet has it" : "not the whole fleet has it";
  return { outcome: trace.outcome, text: `Available with ${trace.service} ${trace.version}`, details: [found] };
}

function ruleStep({ outcome, description, clauses, serve }: RuleTrace, index: number): TraceStep {
  const name = `Rule ${index + 1}${description ? ` “${description}”` : ""}`;
  const details = clauses.map(clauseLine);
  if (!serve || outcome !== "matched") {
    return { outcome, text: name, details };
  }
  const { text, details: more } = serveStep(name, serve);
  return { outcome, text, details: [...details, ...more] };
}

function clauseLine(trace: ClauseTrace): string {
  const actual =
    trace.attribute && trace.outcome !== "notReached" ? `: it is ${writeJSON(trace.actual) || "missing"}` : "";
  return `${outcomeSigns[trace.outcome]} ${clauseText(clauseOf(trace))}${actual}`;
}

/** clauseOf is the clause that was traced, with the first of its values. */
function clauseOf({ any, all, attribute, operator, negate, ignoreCase, expected }: ClauseTrace): Clause {
  return {
    ...(attribute ? { attribute } : {}),
    ...(operator ? { operator } : {}),
    ...(negate ? { negate } : {}),
    ...(ignoreCase ? { ignoreCase } : {}),
    ...(expected ? { values: expected } : {}),
    ...(any ? { any: any.map(clauseOf) } : {}),
    ...(all ? { all: all.map(clauseOf) } : {}),
  };
}

const outcomeSigns: Record<Outcome, string> = { matched: "✓", notMatched: "✗", unknown: "?", notReached: "·" };

function serveStep(name: string, { outcome, variation, rollout }: ServeTrace): TraceStep {
  const served = variation ?? rollout?.ranges.find(({ chosen }) => chosen)?.variation;
  const text = served && outcome !== "notReached" ? `${name}: serve ${served}` : name;
  return { outcome, text, details: rollout && outcome !== "notReached" ? [rolloutLine(rollout)] : [] };
}

function rolloutLine({ bucketBy, key, bucket, detail, ranges }: RolloutTrace): string {
  if (bucket === undefined) {
    return `no bucket: ${detail ?? `${bucketBy} is missing`}`;
  }
  const chosen = ranges.find((range) => range.chosen);
  const range = chosen ? `, in ${chosen.from} to ${chosen.to}` : "";
  return `${bucketBy} ${JSON.stringify(key)} falls into bucket ${bucket}${range}`;
}
