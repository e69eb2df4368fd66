import type { Fleet, WeightedVariation } from "../api/types";
import { totalWeight } from "./weights";

type Service = Fleet["services"][number];

/** fleetShares gives each version's share of a service's live instances, as weights. */
export function fleetShares({ instances, versions }: Service): WeightedVariation[] {
  const whole = Math.max(1, instances);
  return versions.map((entry) => ({
    variation: entry.version,
    weight: Math.round((entry.instances / whole) * totalWeight),
  }));
}
