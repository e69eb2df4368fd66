import type {
  FieldError,
  Release,
  ReleaseGuard,
  ReleasePolicy,
  ReleaseReadiness,
  ReleaseSpec,
  ReleaseStep,
  ReleaseTrigger,
  ReleaseWindow,
} from "../api/types";
import { apiDuration } from "./duration";
import { localTime } from "./localTime";
import { fromPercent, toPercent, totalWeight } from "./weights";

export type TriggerKind = "deployment" | "manual" | "at" | "release";

/**
 * StepDraft is a step as people type it: a segment, or a percentage. Numbers of zero are left out, and NaN is a field in
 * which no number stands yet.
 */
export interface StepDraft {
  segment?: string;
  percent: number;
  hold: string;
  minSample?: number;
  approval?: boolean;
}

/** ReadinessDraft is what is asked of a deployment; empty and zero: nothing; NaN: no number yet. */
export interface ReadinessDraft {
  healthyFor: string;
  minInstances: number;
  minShare: number;
}

/** ReleaseDraft is the form of a release: percentages and durations as people type them. */
export interface ReleaseDraft extends ReadinessDraft {
  /** The key of the policy that fills in what is not adjusted; empty: none. */
  policy: string;
  /** Whether the steps and windows are other than the policy's. */
  adjusted: boolean;
  variation: string;
  /** The id of the rule that is released; empty: the fallthrough. */
  rule: string;
  /** What has to be met, all at the same time; by hand stands alone. */
  triggers: TriggerKind[];
  service: string;
  version: string;
  /** Local time, as an input of type datetime-local has it. */
  at: string;
  upstream: string;
  upstreamFlag: string;
  steps: StepDraft[];
  windows: ReleaseWindow[];
  guards: Release["guards"];
  onRollback: "revert" | "pause" | "ignore";
}

/** orEmpty shows nothing in place of a zero that asks for nothing. */
export function orEmpty(count: number | undefined): number | undefined {
  return count === 0 ? undefined : count;
}

export const presets: { label: string; steps: StepDraft[] }[] = [
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
    policy: "",
    adjusted: false,
    variation,
    rule: "",
    triggers: ["deployment"],
    service,
    version: ">=",
    healthyFor: "",
    minInstances: 0,
    minShare: 0,
    at: "",
    upstream: "",
    upstreamFlag: "",
    steps: presets[0]?.steps ?? [],
    windows: [],
    guards: undefined,
    onRollback: "revert",
  };
}

/** draftOfRelease makes a form of a release, to set up the same once more or to change it. */
export function draftOfRelease(release: Release): ReleaseDraft {
  const { variation, target, trigger, steps, windows = [], guards, onRollback } = release;
  return {
    policy: release.policy ?? "",
    adjusted: true,
    variation,
    rule: target?.rule ?? "",
    triggers: triggerKinds(trigger),
    service: trigger.deployment?.service ?? "",
    version: trigger.deployment?.version ?? ">=",
    ...draftOfReadiness(trigger.deployment),
    at: trigger.at ? localTime(trigger.at) : "",
    upstream: trigger.release?.environment ?? "",
    upstreamFlag: trigger.release?.flag ?? "",
    steps: steps.map(draftOfStep),
    windows,
    guards,
    onRollback,
  };
}

function triggerKinds({ deployment, at, release }: ReleaseTrigger): TriggerKind[] {
  const kinds: TriggerKind[] = [];
  if (deployment) {
    kinds.push("deployment");
  }
  if (at) {
    kinds.push("at");
  }
  if (release) {
    kinds.push("release");
  }
  return kinds.length > 0 ? kinds : ["manual"];
}

export function draftOfReadiness({
  healthyFor = "",
  minInstances = 0,
  minShare = 0,
}: Partial<ReadinessDraft> = {}): ReadinessDraft {
  return { healthyFor, minInstances, minShare };
}

export function draftOfStep({ weight = 0, hold = "", ...rest }: ReleaseStep): StepDraft {
  return { ...rest, percent: toPercent(weight), hold };
}

/** withPolicy fills a form with what a policy says, or lets go of the policy and keeps the rest. */
export function withPolicy(draft: ReleaseDraft, policy: ReleasePolicy | undefined): ReleaseDraft {
  if (!policy) {
    return { ...draft, policy: "", adjusted: true };
  }
  return {
    ...draft,
    ...draftOfReadiness(policy.deployment),
    policy: policy.key,
    adjusted: false,
    steps: policy.steps.map(draftOfStep),
    windows: policy.windows ?? [],
    guards: policy.guards,
    onRollback: policy.onRollback,
  };
}

/** toggleTrigger has one trigger more or less. By hand stands alone, and something always remains. */
export function toggleTriggers(chosen: readonly TriggerKind[], before: readonly TriggerKind[]): TriggerKind[] {
  if (chosen.length === 0) {
    return [...before];
  }
  if (chosen.includes("manual")) {
    return before.includes("manual") ? chosen.filter((kind) => kind !== "manual") : ["manual"];
  }
  return [...chosen];
}

/**
 * specOf makes the request of the form, or tells by pointer what cannot be read. It needs the policy that the form
 * names. A request with a policy that asks something of the deployment cannot say that nothing is asked. In that case
 * the request names no policy and says everything itself.
 */
export function specOf(
  draft: ReleaseDraft,
  policies: readonly ReleasePolicy[] = [],
): { spec: ReleaseSpec; errors: FieldError[] } {
  const errors: FieldError[] = [];
  const { adjusted, variation, rule, windows, guards, onRollback } = draft;
  const named = policies.find(({ key }) => key === draft.policy);
  const policy = draft.triggers.includes("deployment") && asks(named?.deployment) && !asks(draft) ? "" : draft.policy;
  const own = !policy || adjusted;
  const spec: ReleaseSpec = {
    ...(policy && { policy }),
    variation,
    ...(rule && { target: { rule } }),
    trigger: triggerOf(draft, errors),
    ...(own && { steps: stepsOf(draft.steps, errors) }),
    // An empty list tells the policy, if there is one, to leave out its own.
    ...(own && (policy || windows.length > 0) && { windows }),
    ...(own && (policy || guards) && { guards: guardsOf(guards ?? [], errors) }),
    onRollback,
  };
  return { spec, errors };
}

/** stepsOf makes the steps of a request, and adds to errors what cannot be read. */
export function stepsOf(steps: readonly StepDraft[], errors: FieldError[]): ReleaseStep[] {
  return steps.map(({ segment, percent, hold, minSample, approval }, index) => {
    const last = index === steps.length - 1;
    const numbers = { ...(segment === undefined && { weight: percent }), ...(!last && { minSample }) };
    errors.push(...unreadNumbers(numbers, `/steps/${index}`));
    const heldOtherwise = Boolean(minSample) || Boolean(steps[index + 1]?.approval);
    const duration = last || (hold === "" && heldOtherwise) ? undefined : apiDuration(hold);
    if (!last && duration === undefined && !(hold === "" && heldOtherwise)) {
      errors.push({ pointer: `/steps/${index}/hold`, detail: "A duration, for instance 30s, 10m or 1h30m." });
    }
    return {
      ...(segment !== undefined ? { segment } : { weight: fromPercent(percent) }),
      ...(duration !== undefined && { hold: duration }),
      ...(!last && minSample && { minSample }),
      ...(approval && { approval }),
    };
  });
}

/** readinessOf makes what a request asks of a deployment, and adds to errors what cannot be read. */
export function readinessOf(draft: ReadinessDraft, pointer: string, errors: FieldError[]): ReleaseReadiness {
  const { minInstances, minShare } = draft;
  errors.push(...unreadNumbers({ minInstances, minShare }, pointer));
  const healthyFor = draft.healthyFor ? apiDuration(draft.healthyFor) : undefined;
  if (draft.healthyFor && healthyFor === undefined) {
    errors.push({ pointer: `${pointer}/healthyFor`, detail: "A duration, for instance 10m." });
  }
  return {
    ...(healthyFor && { healthyFor }),
    ...(minInstances > 0 && { minInstances }),
    ...(minShare > 0 && { minShare }),
  };
}

/** guardsOf makes the guards of a request, and adds to errors what is no number. */
export function guardsOf(guards: readonly ReleaseGuard[], errors: FieldError[]): ReleaseGuard[] {
  for (const [index, guard] of guards.entries()) {
    errors.push(...unreadNumbers(guard, `/guards/${index}`));
  }
  return [...guards];
}

/** unreadNumbers points at the fields in which no number stands. */
function unreadNumbers(fields: object, pointer: string): FieldError[] {
  return Object.entries(fields)
    .filter(([, value]) => Number.isNaN(value))
    .map(([field]) => ({ pointer: `${pointer}/${field}`, detail: "A number." }));
}

function asks({ healthyFor, minInstances, minShare }: Partial<ReadinessDraft> = {}): boolean {
  return Boolean(healthyFor || minInstances || minShare);
}

function triggerOf(draft: ReleaseDraft, errors: FieldError[]): ReleaseTrigger {
  const { triggers, service, version, at, upstream, upstreamFlag } = draft;
  if (triggers.includes("manual")) {
    return { manual: true };
  }
  const trigger: ReleaseTrigger = {};
  if (triggers.includes("deployment")) {
    trigger.deployment = { service, version, ...readinessOf(draft, "/trigger/deployment", errors) };
  }
  if (triggers.includes("release")) {
    trigger.release = { environment: upstream, ...(upstreamFlag && { flag: upstreamFlag }) };
  }
  if (triggers.includes("at")) {
    if (Number.isNaN(Date.parse(at))) {
      errors.push({ pointer: "/trigger/at", detail: "A date and a time." });
    } else {
      trigger.at = new Date(at).toISOString();
    }
  }
  return trigger;
}

/** withStep appends a step half-way between the last two, or before 100 %. */
export function withStep(steps: readonly StepDraft[]): StepDraft[] {
  const last = steps.at(-1) ?? { percent: toPercent(totalWeight), hold: "" };
  const before = steps.at(-2)?.percent ?? 0;
  const percent = toPercent(fromPercent((before + last.percent) / 2));
  return [...steps.slice(0, -1), { percent, hold: "30m" }, last];
}

/** withSegment puts a step that lets in a segment behind those that do already. */
export function withSegment(steps: readonly StepDraft[]): StepDraft[] {
  const at = steps.filter(({ segment }) => segment !== undefined).length;
  return [...steps.slice(0, at), { segment: "", percent: 0, hold: "1h" }, ...steps.slice(at)];
}
