import type { Rollout, WeightedVariation } from "../api/types";

/** The weights of a rollout sum to this: a weight is a thousandth of a percent. */
export const totalWeight = 100_000;
const weightsPerPercent = totalWeight / 100;

/** What a field for a percentage takes. */
export const percentLimits = { min: 0, max: 100, decimals: 3, required: true };

/** formatPercent writes a weight as a percentage, with no more decimals than it needs. */
export function formatPercent(weight: number): string {
  return `${weight / weightsPerPercent}%`;
}

export function toPercent(weight: number): number {
  return weight / weightsPerPercent;
}

/** fromPercent gives the nearest weight, held within 0 and 100 %. NaN stays NaN: no percentage was read. */
export function fromPercent(percent: number): number {
  return Math.min(totalWeight, Math.max(0, Math.round(percent * weightsPerPercent)));
}

/**
 * missingWeight is how much the weights are below 100 %. It is negative if they are above, NaN if one is no number.
 */
export function missingWeight(weights: readonly WeightedVariation[]): number {
  return totalWeight - weights.reduce((sum, { weight }) => sum + weight, 0);
}

/**
 * setWeight changes one weight. If there are two, the other one takes the rest, so that the sum stays 100 %. A NaN
 * does not change the other.
 */
export function setWeight(weights: readonly WeightedVariation[], index: number, weight: number): WeightedVariation[] {
  const held = Math.min(totalWeight, Math.max(0, weight));
  return weights.map((entry, at) => {
    if (at === index) {
      return { ...entry, weight: held };
    }
    return weights.length === 2 && !Number.isNaN(held) ? { ...entry, weight: totalWeight - held } : entry;
  });
}

/** fillWeight adds the missing weight to one variation, or subtracts the surplus from it. */
export function fillWeight(weights: readonly WeightedVariation[], index: number): WeightedVariation[] {
  const missing = missingWeight(weights);
  return weights.map((entry, at) => (at === index ? { ...entry, weight: Math.max(0, entry.weight + missing) } : entry));
}

/**
 * splitRollout serves weight of the first variation and leaves the rest to the second, in an existing rollout's
 * bucketing: nobody who had the first loses it while its share only grows.
 */
export function splitRollout(first: string, second: string, weight: number, existing?: Rollout): Rollout {
  return {
    ...existing,
    weights: [
      { variation: first, weight },
      { variation: second, weight: totalWeight - weight },
    ],
  };
}

/** shares adds up the weights of each variation, in the order of their first appearance, without empty ones. */
export function shares(weights: readonly WeightedVariation[]): WeightedVariation[] {
  const sums = new Map<string, number>();
  for (const { variation, weight } of weights) {
    sums.set(variation, (sums.get(variation) ?? 0) + weight);
  }
  return [...sums].filter(([, weight]) => weight > 0).map(([variation, weight]) => ({ variation, weight }));
}
