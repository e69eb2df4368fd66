import type { Release, ReleaseEvent, ReleaseStep, ReleaseWait, ReleaseWindow } from "../api/types";
import { parseDuration } from "./duration";
import { formatPercent } from "./weights";

/** isUnderWay tells that a release has to be reverted or completed before another can be set up. */
export function isUnderWay({ phase, step }: Pick<Release, "phase" | "step">): boolean {
  return phase === "progressing" || (phase === "paused" && step >= 0);
}

const shortDays: Record<string, string> = {
  monday: "Mon",
  tuesday: "Tue",
  wednesday: "Wed",
  thursday: "Thu",
  friday: "Fri",
  saturday: "Sat",
  sunday: "Sun",
};

/** windowText says when a window is open: "Mon–Fri 09:00–16:00 Europe/Berlin". */
export function windowText({ days = [], from, to, timeZone }: ReleaseWindow): string {
  const on = days.length === 0 ? "Mon–Fri" : days.map((day) => shortDays[day] ?? day).join(", ");
  return `${on} ${from}–${to} ${timeZone}`;
}

/** nextApproval is the index of the first step ahead that still needs an approval. */
export function nextApproval({ phase, step, steps, approvals = [] }: Release): number | undefined {
  if (phase === "completed" || phase === "reverted") {
    return undefined;
  }
  const index = steps.findIndex(
    (one, at) => at > step && one.approval && !approvals.some((approval) => approval.step === at),
  );
  return index < 0 ? undefined : index;
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

/**
 * remainingWaits are the waits that nothing else shows. The reason names some, and nextStepAt may count down a hold.
 */
export function remainingWaits({
  waits = [],
  reason,
  nextStepAt,
}: Pick<Release, "waits" | "reason" | "nextStepAt">): ReleaseWait[] {
  return waits.filter(({ kind, text }) => !(kind === "hold" && nextStepAt) && !reason.includes(text));
}

/**
 * turns are the events, newest first, without those that say nothing new. There are such events because a release is
 * also written when only its next time changes.
 */
export function turns(events: readonly ReleaseEvent[]): ReleaseEvent[] {
  return events.filter((event, index) => {
    const before = events[index + 1];
    return !before || says(event) !== says(before);
  });
}

function says({ phase, step, weight, reason, actor }: ReleaseEvent): string {
  return JSON.stringify([phase, step, weight, reason, actor.kind, actor.name]);
}
