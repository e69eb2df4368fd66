import type { Change, FlagConfig } from "../api/types";
import { configDifferences, type Difference } from "./configDifference";
import { draftOf } from "./configDraft";
import { documentDifferences } from "./documentDifference";
import { isObject } from "./mergePatch";

const nouns: Record<Change["kind"], string> = {
  project: "project",
  environment: "environment",
  flag: "flag",
  flagConfig: "configuration of",
  segment: "segment",
  sdkKey: "SDK key",
  release: "release of",
  deployment: "deployment",
};

/** changeTitle says what a change is about: "Created flag", "Changed configuration of". */
export function changeTitle({ kind, before, after }: Change): string {
  const verb = before === undefined ? "Created" : after === undefined ? "Removed" : "Changed";
  return `${verb} ${nouns[kind]}`;
}

/** changeDifferences says what a change did, for a configuration in words. */
export function changeDifferences({ kind, before, after }: Change): Difference[] {
  if (kind === "flagConfig" && isObject(before) && isObject(after)) {
    return configDifferences(draftOf(wholeConfig(before)), draftOf(wholeConfig(after)));
  }
  return before === undefined ? [] : documentDifferences(before, after);
}

/** A recorded configuration leaves empty lists out. */
function wholeConfig(document: Record<string, unknown>): FlagConfig {
  return { offVariation: null, targets: [], rules: [], prerequisites: [], ...document } as unknown as FlagConfig;
}
