import { useState } from "react";
import type { FlagConfig } from "../../../api/types";
import { type ConfigDraft, changedFields, draftOf, type EditedField, rebase } from "../../../domain/configDraft";
import { configDifferences, type Difference } from "../../../domain/configDifference";

interface Edit {
  /** The configuration that the edit was begun on. */
  base: FlagConfig;
  draft: ConfigDraft;
}

export interface ConfigEdit {
  draft: ConfigDraft;
  base: FlagConfig;
  dirty: boolean;
  /** What the edit changes. */
  differences: Difference[];
  /** What has been changed elsewhere since the edit began. */
  meanwhile: Difference[];
  /** Whether the configuration is another than the one that the edit was begun on. */
  behind: boolean;
  /** The fields that both sides changed, as of the last rebase. */
  conflicts: EditedField[];
  change: (part: Partial<ConfigDraft>) => void;
  discard: () => void;
  /** Puts the edit on top of what the configuration is now. */
  rebase: () => void;
}

/** useConfigEdit holds the unsaved edit of a configuration that others may change at the same time. */
export function useConfigEdit(current: FlagConfig): ConfigEdit {
  const [edit, setEdit] = useState<Edit>();
  const [conflicts, setConflicts] = useState<EditedField[]>([]);
  const base = edit?.base ?? current;
  const draft = edit?.draft ?? draftOf(current);
  const was = draftOf(base);

  const put = (next: Edit) => {
    setEdit(changedFields(draftOf(next.base), next.draft).length > 0 ? next : undefined);
  };
  return {
    draft,
    base,
    dirty: edit !== undefined,
    differences: configDifferences(was, draft),
    meanwhile: configDifferences(was, draftOf(current)),
    behind: base.version !== current.version,
    conflicts,
    change: (part) => put({ base, draft: { ...draft, ...part } }),
    discard: () => {
      setEdit(undefined);
      setConflicts([]);
    },
    rebase: () => {
      const rebased = rebase(was, draft, draftOf(current));
      setConflicts(rebased.conflicts);
      put({ base: current, draft: rebased.draft });
    },
  };
}
