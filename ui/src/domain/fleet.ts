import type { Fleet, FleetService, WeightedVariation } from "../api/types";
import { totalWeight } from "./weights";

/** fleetShares gives each version's share of a service's live instances, as weights. */
export function fleetShares({ instances, versions }: FleetService): WeightedVariation[] {
  const whole = Math.max(1, instances);
  return versions.map((entry) => ({
    variation: entry.version,
    weight: Math.round((entry.instances / whole) * totalWeight),
  }));
}

/** servedText says how many of a service's instances have the newest revision: "41 of 43 have revision 118." */
export function servedText({ instances, streaming, current }: FleetService, revision: number): string {
  const alive = instances === 1 ? "1 instance is alive." : `${instances} instances are alive.`;
  if (streaming === 0) {
    return alive;
  }
  return `${alive} ${current} of ${streaming} ${streaming === 1 ? "has" : "have"} revision ${revision}.`;
}

/** shadowText says how many shadows there are; empty without any. */
export function shadowText({ shadows }: FleetService): string {
  if (shadows === 0) {
    return "";
  }
  return shadows === 1 ? "1 shadow is not counted." : `${shadows} shadows are not counted.`;
}

/** If there are more instances than this, the text gives only their number. */
const namedAtMost = 10;

/**
 * darkText says how many instances have the revision that closed a flag, and names those that do not: "Dark on 41 of 43.
 * Not yet: web-7 (shop 2.1.0)." Empty without any instance.
 */
export function darkText({ services }: Fleet, revision: number): string {
  const members = services.flatMap(({ service, members }) =>
    members.filter(({ shadow }) => !shadow).map((member) => ({ service, ...member })),
  );
  const known = members.filter((member) => member.revision !== undefined && !member.doubtful);
  const lit = known.filter((member) => (member.revision ?? 0) < revision);
  const doubtful = members.filter((member) => member.doubtful && (member.revision ?? 0) < revision);
  const asking = members.filter((member) => member.revision === undefined && !member.doubtful).length;
  return [
    known.length > 0 ? `Dark on ${known.length - lit.length} of ${known.length}.` : "",
    namesText("Not yet", lit),
    namesText("Perhaps gone, and not known to be dark", doubtful),
    asking > 0
      ? `${asking === 1 ? "1 instance does not say what it serves" : `${asking} instances do not say what they serve`}; whoever asks the server each time gets the killed flag.`
      : "",
  ]
    .filter(Boolean)
    .join(" ");
}

function namesText(label: string, members: readonly { id: string; service: string; version: string }[]): string {
  if (members.length === 0) {
    return "";
  }
  const more = members.length - namedAtMost;
  const names = members
    .slice(0, namedAtMost)
    .map(({ id, service, version }) => `${id} (${[service, version].filter(Boolean).join(" ")})`);
  return `${label}: ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}
