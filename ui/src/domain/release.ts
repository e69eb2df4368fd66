import type { FieldError, Release, ReleaseSpec, ReleaseStep, ReleaseTrigger, ReleaseVerb } from "../api/types";
import { apiDuration, parseDuration } from "./duration";
import { formatPercent, fromPercent, toPercent, totalWeight } from "./weights";

/** verbsFor tells what can be done with a release as it stands. The server decides. */
export function verbsFor({ phase, step }: Pick<Release, "phase" | "step">): ReleaseVerb[] {
  switch (phase) {
    case "pending":
      return ["start", "pause"];
    case "progressing":
      return ["promote", "pause", "revert"];
    case "paused":
      return step < 0 ? ["resume"] : ["resume", "promote", "revert"];
    case "completed":
      return ["revert"];
    case "reverted":
      return [];
  }
}

/** isUnderWay tells that a release has to be reverted or completed before another can be set up. */
export function isUnderWay({ phase, step }: Pick<Release, "phase" | "step">): boolean {
  return phase === "progressing" || (phase === "paused" && step >= 0);
}

/** triggerText says what a release waits for. */
export function triggerText({ deployment, at }: ReleaseTrigger): string {
  if (deployment) {
    return `a succeeded deployment of ${deployment.service} ${deployment.version}`;
  }
  return at ? new Date(at).toLocaleString() : "somebody to start it";
}

/** stepText is what people call a step: the segment that it lets in, or its share. */
export function stepText({ segment, weight = 0 }: ReleaseStep): string {
  return segment ?? formatPercent(weight);
}

/** holdProgress is how much of the present step's hold is over, 0 to 1. */
export function holdProgress(release: Release, now: number): number {
  const hold = parseDuration(release.steps[release.step]?.hold ?? "");
  if (!hold || !release.nextStepAt) {
    return 0;
  }
  return Math.min(1, Math.max(0, 1 - (Date.parse(release.nextStepAt) - now) / hold));
}

export type TriggerKind = "deployment" | "manual" | "at";

/** ReleaseDraft is the form of a release: percentages and durations as people type them. */
export interface ReleaseDraft {
  variation: string;
  trigger: TriggerKind;
  service: string;
  version: string;
  /** Local time, as an input of type datetime-local has it. */
  at: string;
  steps: { percent: number; hold: string }[];
  onRollback: "revert" | "pause" | "ignore";
}

export const presets: { label: string; steps: ReleaseDraft["steps"] }[] = [
  {
    label: "1 → 5 → 25 → 50 → 100%",
    steps: [
      { percent: 1, hold: "10m" },
      { percent: 5, hold: "30m" },
      { percent: 25, hold: "1h" },
      { percent: 50, hold: "1h" },
      { percent: 100, hold: "" },
    ],
  },
  {
    label: "25 → 100%",
    steps: [
      { percent: 25, hold: "30m" },
      { percent: 100, hold: "" },
    ],
  },
  { label: "100% at once", steps: [{ percent: 100, hold: "" }] },
];

export function newReleaseDraft(variation: string, service = ""): ReleaseDraft {
  return {
    variation, service, version: ">=", trigger: "deployment", at: "", onRollback: "revert", steps: presets[0]?.steps ?? [],
  };
}

/** draftOfRelease makes a form of a release, to set up the same once more or to change it. */
export function draftOfRelease({ variation, trigger, steps, onRollback }: Release): ReleaseDraft {
  return {
    variation,
    trigger: trigger.deployment ? "deployment" : trigger.at ? "at" : "manual",
    service: trigger.deployment?.service ?? "",
    version: trigger.deployment?.version ?? ">=",
    at: trigger.at ? localTime(trigger.at) : "",
    steps: steps.map(({ weight = 0, hold = "" }) => ({ percent: toPercent(weight), hold })),
    onRollback,
  };
}

function localTime(instant: string): string {
  const date = new Date(instant);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** specOf makes the request of the form, or tells by pointer what cannot be read. */
export function specOf(draft: ReleaseDraft): { spec: ReleaseSpec; errors: FieldError[] } {
  const errors: FieldError[] = [];
  const steps = draft.steps.map(({ percent, hold }, index) => {
    const weight = fromPercent(percent);
    if (index === draft.steps.length - 1) {
      return { weight };
    }
    const duration = apiDuration(hold);
    if (duration === undefined) {
      errors.push({ pointer: `/steps/${index}/hold`, detail: "A duration, for instance 30s, 10m or 1h30m." });
    }
    return { weight, hold: duration ?? "" };
  });
  if (draft.trigger === "at" && Number.isNaN(Date.parse(draft.at))) {
    errors.push({ pointer: "/trigger/at", detail: "A date and a time." });
  }
  const spec = { variation: draft.variation, trigger: triggerOf(draft), steps, onRollback: draft.onRollback };
  return { spec, errors };
}

function triggerOf({ trigger, service, version, at }: ReleaseDraft): ReleaseTrigger {
  switch (trigger) {
    case "deployment":
      return { deployment: { service, version } };
    case "manual":
      return { manual: true };
    case "at":
      return Number.isNaN(Date.parse(at)) ? {} : { at: new Date(at).toISOString() };
  }
}

/** withStep appends a step half-way between the last two, or before 100 %. */
export function withStep(steps: ReleaseDraft["steps"]): ReleaseDraft["steps"] {
  const last = steps.at(-1) ?? { percent: toPercent(totalWeight), hold: "" };
  const before = steps.at(-2)?.percent ?? 0;
  const percent = toPercent(fromPercent((before + last.percent) / 2));
  return [...steps.slice(0, -1), { percent, hold: "30m" }, last];
}
