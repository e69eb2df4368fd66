import type { FleetService, WeightedVariation } from "../api/types";
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
