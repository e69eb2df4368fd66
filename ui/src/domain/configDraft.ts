import type { FlagConfig, FlagConfigPatch } from "../api/types";
import { mergePatch, sameJSON } from "./mergePatch";

/** The fields of a FlagConfig that people edit. */
const editedFields = [
  "enabled",
  "offVariation",
  "targets",
  "rules",
  "fallthrough",
  "prerequisites",
  "availability",
] as const;

export type EditedField = (typeof editedFields)[number];
export type ConfigDraft = Pick<FlagConfig, EditedField>;

/** draftOf takes the editable part of a configuration. */
export function draftOf(config: FlagConfig): ConfigDraft {
  const { enabled, offVariation, targets, rules, fallthrough, prerequisites, availability } = config;
  return { enabled, offVariation, targets, rules, fallthrough, prerequisites, availability: availability ?? null };
}

/** configPatch gives what has to be sent to make the draft of the base. */
export function configPatch(base: ConfigDraft, draft: ConfigDraft): FlagConfigPatch {
  return mergePatch({ ...base }, { ...draft }) as FlagConfigPatch;
}

export function changedFields(base: ConfigDraft, draft: ConfigDraft): EditedField[] {
  return editedFields.filter((field) => !sameJSON(base[field], draft[field]));
}

export interface Rebased {
  draft: ConfigDraft;
  /** The fields that both sides changed, differently: the draft's side is in the result. */
  conflicts: EditedField[];
}

/** rebase puts an edit that was made on base on top of what the configuration has become meanwhile. */
export function rebase(base: ConfigDraft, draft: ConfigDraft, current: ConfigDraft): Rebased {
  const mine = changedFields(base, draft);
  const theirs = changedFields(base, current);
  const edits = Object.fromEntries(mine.map((field) => [field, draft[field]]));
  return {
    draft: { ...current, ...edits },
    conflicts: mine.filter((field) => theirs.includes(field) && !sameJSON(draft[field], current[field])),
  };
}
