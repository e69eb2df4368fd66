import type { Freeze } from "../api/types";
import { localTime } from "./localTime";

/** FreezeDraft is a freeze as people type it: local times, as an input of type datetime-local has them. */
export interface FreezeDraft {
  from: string;
  to: string;
  reason: string;
}

export function draftOfFreeze({ from, to, reason }: Freeze): FreezeDraft {
  return { from: localTime(from), to: to ? localTime(to) : "", reason };
}

export function freezeOf({ from, to, reason }: FreezeDraft): Freeze {
  return { from: instant(from), ...(to && { to: instant(to) }), reason };
}

/** instant leaves what is no time as it is, for the server to refuse. */
function instant(local: string): string {
  const time = Date.parse(local);
  return Number.isNaN(time) ? local : new Date(time).toISOString();
}

/** activeFreeze is the freeze that holds now, if one does. */
export function activeFreeze(freezes: readonly Freeze[] | undefined, now: number): Freeze | undefined {
  return freezes?.find(({ from, to }) => Date.parse(from) <= now && (!to || now < Date.parse(to)));
}

/** freezeText says of a freeze until when it holds, and why. */
export function freezeText({ to, reason }: Freeze): string {
  return `${to ? `until ${new Date(to).toLocaleString()}` : "until it is lifted"}: ${reason}`;
}
