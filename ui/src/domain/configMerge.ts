import type { Clause, Prerequisite, Rule, Target } from "../api/types";
import { clauseText, ruleText } from "./clauseText";
import { availabilityText } from "./configDifference";
import type { ConfigDraft } from "./configDraft";
import { writeJSON } from "./exactJSON";
import { isGroup } from "./operators";
import { serveText, variationText } from "./serve";
import { type Answers, type Conflict, type Three, ThreeWay } from "./threeWay";

export interface Merged {
  draft: ConfigDraft;
  /** What somebody has to decide, answered or not. */
  conflicts: Conflict[];
}

/**
 * mergeConfigs puts an edit that was made on base on top of what others have saved meanwhile: rules by their id, targets,
 * prerequisites and values one by one. What others did stays unless an answer says otherwise.
 */
export function mergeConfigs(three: Three<ConfigDraft>, answers: Answers = {}): Merged {
  const merge = new ThreeWay(answers);
  const draft: ConfigDraft = {
    enabled: merge.whole(field(three, "enabled"), "enabled", "State", (enabled) => (enabled ? "on" : "off")),
    offVariation: merge.whole(field(three, "offVariation"), "offVariation", "When off, serve", variationText),
    ...mergeDecision(merge, three),
    prerequisites: mergePrerequisites(merge, field(three, "prerequisites")),
    availability: merge.whole(
      field(three, "availability"),
      "availability",
      "Availability",
      (one) => availabilityText(one) ?? "everywhere",
    ),
  };
  return { draft, conflicts: merge.conflicts };
}

function field<T, K extends keyof T>({ base, mine, theirs }: Three<T>, key: K): Three<T[K]> {
  return { base: base[key], mine: mine[key], theirs: theirs[key] };
}

type Decision = Pick<ConfigDraft, "targets" | "rules" | "fallthrough" | "targeting">;

function decisionOf({ targets, rules, fallthrough, targeting }: ConfigDraft): Decision {
  return { targets, rules, fallthrough, targeting: targeting ?? null };
}

/** mergeDecision merges what decides. An expression stands alone: if a side has one, one side is taken as a whole. */
function mergeDecision(merge: ThreeWay, three: Three<ConfigDraft>): Decision {
  const { base, mine, theirs } = three;
  if (base.targeting || mine.targeting || theirs.targeting) {
    const decisions = { base: decisionOf(base), mine: decisionOf(mine), theirs: decisionOf(theirs) };
    return merge.whole(decisions, "decision", "What decides", decisionText);
  }
  return {
    targets: mergeTargets(merge, field(three, "targets")),
    rules: mergeRules(merge, field(three, "rules")),
    fallthrough: merge.whole(field(three, "fallthrough"), "fallthrough", "Everyone else", serveText),
    targeting: null,
  };
}

function decisionText({ targeting, rules, fallthrough }: Decision): string {
  return targeting
    ? `the expression ${writeJSON(targeting)}`
    : [...rules.map(ruleText), `everyone else: ${serveText(fallthrough)}`].join("; ");
}

function mergeTargets(merge: ThreeWay, three: Three<Target[]>): Target[] {
  return merge.within(three, () => {
    const byKey = (targets: readonly Target[]) =>
      new Map(targets.flatMap(({ variation, values }) => values.map((key): [string, string] => [key, variation])));
    const maps = { base: byKey(three.base), mine: byKey(three.mine), theirs: byKey(three.theirs) };
    const merged = merge.keyed(maps, (key, variation) =>
      merge.whole(variation, `target ${key}`, `Target ${key}`, (side) =>
        side === undefined ? "no target" : `always ${side}`,
      ),
    );
    const values = new Map<string, string[]>([...three.theirs, ...three.mine].map(({ variation }) => [variation, []]));
    for (const [key, variation] of merged) {
      values.get(variation)?.push(key);
    }
    return [...values].filter(([, keys]) => keys.length > 0).map(([variation, keys]) => ({ variation, values: keys }));
  });
}

function mergePrerequisites(merge: ThreeWay, three: Three<Prerequisite[]>): Prerequisite[] {
  return merge.within(three, () => {
    const byFlag = (list: readonly Prerequisite[]) => new Map(list.map(({ flag, variation }) => [flag, variation]));
    const maps = { base: byFlag(three.base), mine: byFlag(three.mine), theirs: byFlag(three.theirs) };
    const merged = merge.keyed(maps, (flag, variation) =>
      merge.whole(variation, `prerequisite ${flag}`, `Prerequisite ${flag}`, (side) =>
        side === undefined ? "not asked" : `serves ${side}`,
      ),
    );
    return [...merged].map(([flag, variation]) => ({ flag, variation }));
  });
}

function mergeRules(merge: ThreeWay, three: Three<Rule[]>): Rule[] {
  return merge.within(three, () => {
    const byId = (rules: readonly Rule[]) => new Map(rules.map((rule) => [rule.id, rule]));
    const maps = { base: byId(three.base), mine: byId(three.mine), theirs: byId(three.theirs) };
    const rules = merge.keyed(maps, (id, rule) => mergeRule(merge, id, rule));
    const ids = { base: [...maps.base.keys()], mine: [...maps.mine.keys()], theirs: [...maps.theirs.keys()] };
    const nameOf = (id: string) => rules.get(id)?.description || id;
    const order = merge.order(ids, new Set(rules.keys()), "order", "Order of the rules", (keys) =>
      keys.map(nameOf).join(", "),
    );
    return order.flatMap((id) => rules.get(id) ?? []);
  });
}

function mergeRule(merge: ThreeWay, id: string, three: Three<Rule | undefined>): Rule | undefined {
  const { base, mine, theirs } = three;
  const label = `Rule ${(theirs ?? mine ?? base)?.description || id}`;
  if (!base || !mine || !theirs) {
    return merge.whole(three, `rule ${id}`, label, (rule) => (rule ? ruleText(rule) : "removed"));
  }
  const sides = { base, mine, theirs };
  const description = merge.whole(
    field(sides, "description"),
    `description ${id}`,
    `${label}: description`,
    (text) => text || "none",
  );
  return {
    ...theirs,
    ...(description === undefined ? {} : { description }),
    clauses: mergeClauses(merge, field(sides, "clauses"), `clauses ${id}`, label),
    serve: merge.whole(field(sides, "serve"), `serve ${id}`, `${label}: serve`, serveText),
  };
}

/** mergeClauses merges conditions that are told apart by what they compare. Where two compare the same, the list is one whole. */
function mergeClauses(merge: ThreeWay, three: Three<Clause[]>, id: string, label: string): Clause[] {
  return merge.within(three, () => {
    const byComparison = (clauses: readonly Clause[]) =>
      new Map(clauses.map((clause) => [comparisonOf(clause), clause]));
    const maps = { base: byComparison(three.base), mine: byComparison(three.mine), theirs: byComparison(three.theirs) };
    if ((["base", "mine", "theirs"] as const).some((side) => maps[side].size !== three[side].length)) {
      return merge.whole(three, id, label, (clauses) => clauses.map(clauseText).join(" and "));
    }
    const merged = merge.attempt(
      () => [...merge.keyed(maps, (key, clause) => mergeClause(merge, clause, `${id} ${key}`, label)).values()],
      // Each side removed the condition that the other side kept. A rule without any condition would match everybody.
      (clauses) => clauses.length > 0,
    );
    return merged ?? merge.whole(three, id, label, (clauses) => clauses.map(clauseText).join(" and ") || "always");
  });
}

function comparisonOf(clause: Clause): string {
  return JSON.stringify([
    isGroup(clause),
    clause.attribute,
    clause.operator,
    clause.negate ?? false,
    clause.all !== undefined,
  ]);
}

function mergeClause(merge: ThreeWay, three: Three<Clause | undefined>, id: string, label: string): Clause | undefined {
  const { base, mine, theirs } = three;
  if (!base || !mine || !theirs) {
    return merge.whole(three, id, label, (clause) => (clause ? `if ${clauseText(clause)}` : "condition removed"));
  }
  if (isGroup(theirs)) {
    const kind = theirs.all ? "all" : "any";
    const clauses = { base: base[kind] ?? [], mine: mine[kind] ?? [], theirs: theirs[kind] ?? [] };
    return { ...theirs, [kind]: mergeClauses(merge, clauses, id, label) };
  }
  const { ignoreCase: _, ...rest } = theirs;
  const folded = merge.whole(
    field({ base, mine, theirs }, "ignoreCase"),
    `${id} case`,
    `${label}: ignore case`,
    (side) => (side ? "yes" : "no"),
  );
  const sides = { base: base.values ?? [], mine: mine.values ?? [], theirs: theirs.values ?? [] };
  const values =
    merge.attempt(
      () => merge.elements(sides),
      (left) => left.length > 0 || sides.theirs.length === 0,
    ) ?? merge.whole(sides, `${id} values`, label, (side) => clauseText({ ...rest, values: side }));
  return { ...rest, ...(folded ? { ignoreCase: true } : {}), ...(theirs.values ? { values } : {}) };
}
