import type { Availability, Prerequisite, Rule, Target } from "../api/types";
import { ruleText } from "./clauseText";
import type { ConfigDraft } from "./configDraft";
import { writeJSON } from "./exactJSON";
import { sameJSON } from "./mergePatch";
import { serveText, variationText } from "./serve";
import { keysOf } from "./targets";

/** Difference is one line of a readable comparison. Only one side where something came or went. */
export interface Difference {
  label: string;
  before?: string;
  after?: string;
}

/** configDifferences says, in words and in the order of evaluation, what turns one configuration into the other. */
export function configDifferences(before: ConfigDraft, after: ConfigDraft): Difference[] {
  return [
    ...compare("State", state(before.enabled), state(after.enabled)),
    ...compare("When off, serve", variationText(before.offVariation), variationText(after.offVariation)),
    ...compare("Availability", availabilityText(before.availability), availabilityText(after.availability)),
    ...compareSets(
      "Prerequisite",
      before.prerequisites.map(prerequisiteText),
      after.prerequisites.map(prerequisiteText),
    ),
    ...targetDifferences(before.targets, after.targets),
    ...ruleDifferences(before.rules, after.rules),
    ...compare("Everyone else", everyoneElse(before), everyoneElse(after)),
    ...compare("Expression", expressionText(before), expressionText(after)),
  ];
}

function everyoneElse({ fallthrough, targeting }: ConfigDraft): string | undefined {
  return targeting ? undefined : serveText(fallthrough);
}

function expressionText({ targeting }: ConfigDraft): string | undefined {
  return targeting ? writeJSON(targeting) : undefined;
}

function state(enabled: boolean): string {
  return enabled ? "on" : "off";
}

function compare(label: string, before: string | undefined, after: string | undefined): Difference[] {
  if (before === after) {
    return [];
  }
  return [{ label, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

function compareSets(label: string, before: readonly string[], after: readonly string[]): Difference[] {
  return [
    ...before.filter((text) => !after.includes(text)).map((text) => ({ label, before: text })),
    ...after.filter((text) => !before.includes(text)).map((text) => ({ label, after: text })),
  ];
}

/** availabilityText says where the code is; undefined: everywhere. */
export function availabilityText(availability: Availability | null | undefined): string | undefined {
  if (!availability) {
    return undefined;
  }
  const where = availability.scope === "fleet" ? "once the whole fleet runs" : "on instances that run";
  return `${where} ${availability.service} ${availability.version}`;
}

function prerequisiteText({ flag, variation }: Prerequisite): string {
  return `${flag} serves ${variation}`;
}

function targetDifferences(before: readonly Target[], after: readonly Target[]): Difference[] {
  const variations = [...new Set([...before, ...after].map(({ variation }) => variation))];
  return variations.flatMap((variation) =>
    keyDifferences(`Targets of ${variation}`, keysOf(before, variation), keysOf(after, variation)),
  );
}

/** keyDifferences says which keys of a list went and which came, the first of them by name. */
export function keyDifferences(label: string, before: readonly string[], after: readonly string[]): Difference[] {
  const [old, now] = [new Set(before), new Set(after)];
  const gone = [...old].filter((key) => !now.has(key));
  const come = [...now].filter((key) => !old.has(key));
  return [
    ...(gone.length > 0 ? [{ label, before: keysText(gone) }] : []),
    ...(come.length > 0 ? [{ label, after: keysText(come) }] : []),
  ];
}

const shownKeys = 20;

function keysText(keys: readonly string[]): string {
  const more = keys.length - shownKeys;
  return keys.slice(0, shownKeys).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function ruleDifferences(before: readonly Rule[], after: readonly Rule[]): Difference[] {
  const differences: Difference[] = [];
  for (const [index, rule] of before.entries()) {
    if (!after.some(({ id }) => id === rule.id)) {
      differences.push({ label: ruleLabel(rule, index), before: ruleText(rule) });
    }
  }
  for (const [index, rule] of after.entries()) {
    const old = before.find(({ id }) => id === rule.id);
    if (!old) {
      differences.push({ label: ruleLabel(rule, index), after: ruleText(rule) });
    } else if (!sameJSON(old, rule)) {
      differences.push(...changedRule(old, rule, index));
    }
  }
  return [...differences, ...compare("Order of the rules", orderOf(before, after), orderOf(after, before))];
}

function changedRule(old: Rule, rule: Rule, index: number): Difference[] {
  const differences = [
    ...compare(`${ruleLabel(rule, index)}: description`, old.description || undefined, rule.description || undefined),
    ...compare(ruleLabel(rule, index), ruleText(old), ruleText(rule)),
  ];
  // Two long lists of values may read alike in their shortened form.
  return differences.length > 0
    ? differences
    : [{ label: ruleLabel(rule, index), before: writeJSON(old), after: writeJSON(rule) }];
}

function ruleLabel(rule: Rule, index: number): string {
  return `Rule ${index + 1}${rule.description ? ` “${rule.description}”` : ""}`;
}

/** orderOf lists the rules that both sides have, in the order of the first. */
function orderOf(rules: readonly Rule[], others: readonly Rule[]): string {
  return rules
    .filter(({ id }) => others.some((other) => other.id === id))
    .map((rule) => rule.description || rule.id)
    .join(", ");
}
