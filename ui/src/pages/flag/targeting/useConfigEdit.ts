import { useState } from "react";
import type { FlagConfig } from "../../../api/types";
import { configDifferences, type Difference } from "../../../domain/configDifference";
import { type ConfigDraft, changedFields, draftOf } from "../../../domain/configDraft";
import { mergeConfigs } from "../../../domain/configMerge";
import type { Answers, Conflict, Side } from "../../../domain/threeWay";

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
  /** What both sides changed, differently, as long as the edit is behind. */
  conflicts: Conflict[];
  answers: Answers;
  change: (part: Partial<ConfigDraft>) => void;
  discard: () => void;
  /** Says which side of a conflict counts. */
  answer: (conflict: string, side: Side) => void;
  /** Puts the edit on top of what the configuration is now. It needs an answer to each conflict. */
  rebase: () => void;
}

/** useConfigEdit holds the unsaved edit of a configuration that others may change at the same time. */
export function useConfigEdit(current: FlagConfig): ConfigEdit {
  const [edit, setEdit] = useState<Edit>();
  const [answered, setAnswered] = useState<{ version: number; answers: Answers }>();
  const base = edit?.base ?? current;
  const draft = edit?.draft ?? draftOf(current);
  const was = draftOf(base);
  const behind = base.version !== current.version;
  // An answer about an older version may not fit: the question may be another one now.
  const answers = answered?.version === current.version ? answered.answers : {};
  const merged = behind ? mergeConfigs({ base: was, mine: draft, theirs: draftOf(current) }, answers) : undefined;

  const put = (next: Edit) => {
    setEdit(changedFields(draftOf(next.base), next.draft).length > 0 ? next : undefined);
  };
  return {
    draft,
    base,
    dirty: edit !== undefined,
    differences: configDifferences(was, draft),
    meanwhile: behind ? configDifferences(was, draftOf(current)) : [],
    behind,
    conflicts: merged?.conflicts ?? [],
    answers,
    change: (part) => put({ base, draft: { ...draft, ...part } }),
    discard: () => setEdit(undefined),
    answer: (conflict, side) => setAnswered({ version: current.version, answers: { ...answers, [conflict]: side } }),
    rebase: () => merged && put({ base: current, draft: merged.draft }),
  };
}
