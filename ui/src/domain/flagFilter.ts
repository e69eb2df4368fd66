import type { Flag, FlagSummary } from "../api/types";
import type { FlagsSearch } from "../search";

/** filterFlags gives the flags that match all of what is asked for. Every word of q has to be found somewhere. */
export function filterFlags(flags: readonly Flag[], search: FlagsSearch): Flag[] {
  const words = (search.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  return flags.filter(
    (flag) =>
      (!search.purpose || flag.purpose === search.purpose) &&
      (!search.tag || flag.tags.includes(search.tag)) &&
      isInState(flag, search) &&
      words.every((word) => haystack(flag).includes(word)),
  );
}

function haystack({ key, name, description, owner, tags }: Flag): string {
  return [key, name, description, owner, ...tags].join("\n").toLowerCase();
}

function isInState(flag: Flag, { state, env }: FlagsSearch): boolean {
  if (!state || state === "archived") {
    return true;
  }
  const summaries = env ? [flag.environments[env]] : Object.values(flag.environments);
  return summaries.some((summary) => summary !== undefined && hasState(summary, state));
}

function hasState(summary: FlagSummary, state: "on" | "off" | "releasing"): boolean {
  if (state === "releasing") {
    return summary.release !== undefined && !["completed", "reverted"].includes(summary.release.phase);
  }
  return summary.enabled === (state === "on");
}

/** tagsOf lists every tag of the flags, by name. */
export function tagsOf(flags: readonly Flag[]): string[] {
  return [...new Set(flags.flatMap(({ tags }) => tags))].sort();
}
