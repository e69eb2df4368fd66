import type { Target } from "../api/types";

/** keysOf gives the targeting keys that always get the variation. */
export function keysOf(targets: readonly Target[], variation: string): string[] {
  return targets.filter((target) => target.variation === variation).flatMap(({ values }) => values);
}

/** withKeys replaces a variation's keys, in place; a target without keys goes. */
export function withKeys(targets: readonly Target[], variation: string, values: string[]): Target[] {
  const at = targets.findIndex((target) => target.variation === variation);
  const others = targets.filter((target) => target.variation !== variation);
  if (values.length === 0) {
    return others;
  }
  others.splice(at < 0 ? others.length : at, 0, { variation, values });
  return others;
}
