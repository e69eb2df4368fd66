import type {
  FieldError,
  ReleaseGuard,
  ReleasePolicy,
  ReleasePolicyWrite,
  ReleaseReadiness,
  ReleaseWindow,
} from "../api/types";
import { stepText } from "./release";
import {
  draftOfReadiness,
  draftOfStep,
  guardsOf,
  presets,
  type ReadinessDraft,
  readinessOf,
  type StepDraft,
  stepsOf,
} from "./releaseDraft";

/** PolicyDraft is the form of a release policy: percentages and durations as people type them. */
export interface PolicyDraft extends ReadinessDraft {
  key: string;
  name: string;
  description: string;
  steps: StepDraft[];
  windows: ReleaseWindow[];
  guards: ReleaseGuard[];
  onRollback: ReleasePolicy["onRollback"];
}

export const newPolicy: PolicyDraft = {
  key: "",
  name: "",
  description: "",
  steps: presets[0]?.steps ?? [],
  windows: [],
  guards: [],
  onRollback: "revert",
  ...draftOfReadiness(),
};

export function draftOfPolicy({
  key,
  name,
  description,
  steps,
  windows = [],
  guards = [],
  onRollback,
  deployment,
}: ReleasePolicy): PolicyDraft {
  return {
    key,
    name,
    description,
    steps: steps.map(draftOfStep),
    windows,
    guards,
    onRollback,
    ...draftOfReadiness(deployment),
  };
}

/** policyOf makes the request of the form, or tells by pointer what cannot be read. */
export function policyOf(draft: PolicyDraft): { policy: ReleasePolicyWrite; errors: FieldError[] } {
  const errors: FieldError[] = [];
  const { key, name, description, windows, onRollback } = draft;
  const steps = stepsOf(draft.steps, errors);
  const guards = guardsOf(draft.guards, errors);
  const deployment = readinessOf(draft, "/deployment", errors);
  return { policy: { name: name || key, description, steps, windows, guards, onRollback, deployment }, errors };
}

/** stepsText is how far a policy opens, step by step. */
export function stepsText({ steps }: Pick<ReleasePolicy, "steps">): string {
  return steps.map(stepText).join(" → ");
}

/** readinessText is what a policy asks of a deployment, empty where it is nothing. */
export function readinessText({ healthyFor, minInstances, minShare }: ReleaseReadiness = {}): string {
  return [
    healthyFor && `healthy for ${healthyFor}`,
    minInstances && `${minInstances} ${minInstances === 1 ? "instance" : "instances"}`,
    minShare && `${minShare}% of the fleet`,
  ]
    .filter(Boolean)
    .join(", ");
}
