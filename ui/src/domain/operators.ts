import type { Clause, Operator } from "../api/types";

/** What the values of an operator are: this decides how a typed value is read. */
export type ValueKind = "any" | "text" | "number" | "instant" | "segment" | "none";

interface OperatorEntry {
  label: string;
  negated: string;
  values: ValueKind;
  group: string;
  /** Whether ignoreCase has a meaning. */
  folds?: true;
  hint?: string;
}

export const operators: Record<Operator, OperatorEntry> = {
  in: { label: "is one of", negated: "is not one of", values: "any", group: "Equality", folds: true },
  contains: { label: "contains", negated: "does not contain", values: "text", group: "Text", folds: true },
  startsWith: { label: "starts with", negated: "does not start with", values: "text", group: "Text", folds: true },
  endsWith: { label: "ends with", negated: "does not end with", values: "text", group: "Text", folds: true },
  matches: {
    label: "matches",
    negated: "does not match",
    values: "text",
    group: "Text",
    folds: true,
    hint: "RE2 expression",
  },
  lessThan: { label: "<", negated: "not <", values: "number", group: "Number" },
  lessThanOrEqual: { label: "≤", negated: "not ≤", values: "number", group: "Number" },
  greaterThan: { label: ">", negated: "not >", values: "number", group: "Number" },
  greaterThanOrEqual: { label: "≥", negated: "not ≥", values: "number", group: "Number" },
  before: {
    label: "is before",
    negated: "is not before",
    values: "instant",
    group: "Time",
    hint: "2026-12-01T09:00:00Z",
  },
  after: { label: "is after", negated: "is not after", values: "instant", group: "Time", hint: "2026-12-01T09:00:00Z" },
  semverEqual: { label: "version =", negated: "version ≠", values: "text", group: "Version", hint: "2.3.0" },
  semverLessThan: { label: "version <", negated: "version not <", values: "text", group: "Version", hint: "2.3.0" },
  semverLessThanOrEqual: {
    label: "version ≤",
    negated: "version not ≤",
    values: "text",
    group: "Version",
    hint: "2.3.0",
  },
  semverGreaterThan: { label: "version >", negated: "version not >", values: "text", group: "Version", hint: "2.3.0" },
  semverGreaterThanOrEqual: {
    label: "version ≥",
    negated: "version not ≥",
    values: "text",
    group: "Version",
    hint: "2.3.0",
  },
  semverRange: {
    label: "version in range",
    negated: "version not in range",
    values: "text",
    group: "Version",
    hint: ">=2.3.0 <3.0.0",
  },
  inCidr: {
    label: "is in network",
    negated: "is not in network",
    values: "text",
    group: "Network",
    hint: "10.0.0.0/8",
  },
  inSegment: { label: "is in segment", negated: "is not in segment", values: "segment", group: "Segment" },
  exists: { label: "exists", negated: "does not exist", values: "none", group: "Presence" },
};

export interface OperatorChoice {
  /** The operator; with "!" before it, its negation. */
  value: string;
  label: string;
}

/** operatorChoices lists the operators and their negations in groups, as Select takes them. */
export function operatorChoices(): { group: string; items: OperatorChoice[] }[] {
  const groups = new Map<string, OperatorChoice[]>();
  for (const [value, { label, negated, group }] of Object.entries(operators)) {
    const items = groups.get(group) ?? [];
    items.push({ value, label }, { value: `!${value}`, label: negated });
    groups.set(group, items);
  }
  return [...groups].map(([group, items]) => ({ group, items }));
}

/** isGroup tells a group of clauses from a comparison. */
export function isGroup(clause: Clause): boolean {
  return clause.any !== undefined || clause.all !== undefined;
}
