import type { Change, FlagConfig } from "../api/types";
import { configDifferences, type Difference } from "./configDifference";
import { draftOf } from "./configDraft";
import { documentDifferences } from "./documentDifference";
import { isObject } from "./mergePatch";
import { formatPercent } from "./weights";

const nouns: Record<Change["kind"], string> = {
  project: "project",
  environment: "environment",
  flag: "flag",
  flagConfig: "configuration of",
  segment: "segment",
  sdkKey: "SDK key",
  release: "release of",
  deployment: "deployment",
  webhook: "webhook",
  kill: "kill of",
  releasePolicy: "release policy",
};

/** changeTitle says what a change is about: "Created flag", "Changed configuration of". */
export function changeTitle({ kind, before, after }: Change): string {
  if (kind === "kill") {
    return after === undefined ? "Restored" : "Killed";
  }
  const verb = before === undefined ? "Created" : after === undefined ? "Removed" : "Changed";
  return `${verb} ${nouns[kind]}`;
}

/** changeSubject names what was changed, for people: a deployment by its service and version. */
export function changeSubject({ kind, key, before, after }: Change): string {
  const document = after ?? before;
  if (kind === "deployment" && isObject(document) && document.service && document.version) {
    return `${document.service} ${document.version}`;
  }
  if ((kind === "sdkKey" || kind === "webhook") && isObject(document) && typeof document.name === "string") {
    return document.name;
  }
  return key;
}

/** changeDifferences says what a change did, for configurations and releases in words. */
export function changeDifferences({ kind, before, after }: Change): Difference[] {
  if (kind === "flagConfig" && isObject(before) && isObject(after)) {
    return configDifferences(draftOf(wholeConfig(before)), draftOf(wholeConfig(after)));
  }
  if (kind === "release" && isObject(before) && isObject(after)) {
    return releaseDifferences(before, after);
  }
  return before === undefined || after === undefined ? [] : documentDifferences(before, after);
}

/** A recorded configuration leaves empty lists out. */
function wholeConfig(document: Record<string, unknown>): FlagConfig {
  return { offVariation: null, targets: [], rules: [], prerequisites: [], ...document } as unknown as FlagConfig;
}

/** Only phase and share of a release's state are worth a line. The reason already stands in the change itself. */
function releaseDifferences(before: Record<string, unknown>, after: Record<string, unknown>): Difference[] {
  return [
    ...documentDifferences(before.spec, after.spec, "spec"),
    ...documentDifferences(releaseStanding(before.state), releaseStanding(after.state)),
  ];
}

function releaseStanding(state: unknown): Record<string, unknown> {
  const { phase, weight } = isObject(state) ? state : {};
  return { phase, ...(typeof weight === "number" ? { share: formatPercent(weight) } : {}) };
}
