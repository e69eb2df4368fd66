import type { FlagConfig, FlagConfigPatch } from "../api/types";
import { mergePatch, sameJSON } from "./mergePatch";

/** The fields of a FlagConfig that people edit. */
const editedFields = [
  "enabled",
  "offVariation",
  "targets",
  "rules",
  "fallthrough",
  "targeting",
  "prerequisites",
  "availability",
] as const;

export type EditedField = (typeof editedFields)[number];
export type ConfigDraft = Pick<FlagConfig, EditedField>;

/** draftOf takes the editable part of a configuration. */
export function draftOf(config: FlagConfig): ConfigDraft {
  const { enabled, offVariation, targets, rules, fallthrough, prerequisites, availability, targeting } = config;
  const none = { availability: availability ?? null, targeting: targeting ?? null };
  return { enabled, offVariation, targets, rules, fallthrough, prerequisites, ...none };
}

/** configPatch gives what has to be sent to make the draft of the base. The server replaces an expression as a whole. */
export function configPatch(base: ConfigDraft, draft: ConfigDraft): FlagConfigPatch {
  const { targeting, ...rest } = draft;
  const patch = mergePatch({ ...base, targeting: null }, { ...rest, targeting: null }) as FlagConfigPatch;
  return sameJSON(base.targeting ?? null, targeting ?? null) ? patch : { ...patch, targeting: targeting ?? null };
}

/** byExpression hands the decision to an expression, which has to stand alone. It serves the variation to everybody. */
export function byExpression(variation: string): Partial<ConfigDraft> {
  return { targets: [], rules: [], fallthrough: {}, targeting: { if: [true, variation, null] } };
}

/** byRules takes the decision back from an expression. */
export function byRules(variation: string): Partial<ConfigDraft> {
  return { fallthrough: { variation }, targeting: null };
}

export function changedFields(base: ConfigDraft, draft: ConfigDraft): EditedField[] {
  return editedFields.filter((field) => !sameJSON(base[field], draft[field]));
}
