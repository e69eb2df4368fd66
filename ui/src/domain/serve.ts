import type { FlagConfig, Serve, WeightedVariation } from "../api/types";
import { formatPercent, shares, splitRollout, totalWeight } from "./weights";

/** servedShares gives what a serve amounts to, one variation being 100 %. */
export function servedShares(serve: Serve): WeightedVariation[] {
  if (serve.rollout) {
    return shares(serve.rollout.weights);
  }
  return serve.variation ? [{ variation: serve.variation, weight: totalWeight }] : [];
}

/** serveText says what a serve amounts to: "on", or "on 25%, off 75%". */
export function serveText(serve: Serve): string {
  return sharesText(servedShares(serve), serve.rollout);
}

/** sharesText says what shares amount to. Buckets by anything but the targeting key are told. */
export function sharesText(served: readonly WeightedVariation[], rollout?: Serve["rollout"]): string {
  const [only] = served;
  const text =
    served.length === 1 && only && !rollout
      ? only.variation
      : served.map(({ variation, weight }) => `${variation} ${formatPercent(weight)}`).join(", ");
  const details = [
    rollout?.bucketBy && rollout.bucketBy !== "targetingKey" ? `by ${rollout.bucketBy}` : "",
    rollout?.seed ? `seed ${rollout.seed}` : "",
  ].filter(Boolean);
  return [text || "nothing", ...details].join(", ");
}

/** variationText names a variation; null leaves the answer to the code default. */
export function variationText(variation: string | null | undefined): string {
  return variation ?? "code default";
}

type Serving = Pick<
  FlagConfig,
  "offVariation" | "targets" | "rules" | "fallthrough" | "prerequisites" | "availability" | "targeting"
>;

export interface TurnOnEffect {
  /** What a context gets that no target and no rule matches. */
  everyoneElse: string;
  /** The variation that everyone gets at once, where it is another than the off variation. */
  fullyServed: string | undefined;
  targets: number;
  rules: number;
}

/** turnOnEffect says what turning a flag on would serve. */
export function turnOnEffect(config: Serving): TurnOnEffect {
  const served = servedShares(config.fallthrough);
  const [only] = served;
  return {
    everyoneElse: config.targeting ? "what its expression says" : serveText(config.fallthrough),
    fullyServed: served.length === 1 && only && only.variation !== config.offVariation ? only.variation : undefined,
    targets: config.targets.reduce((sum, target) => sum + target.values.length, 0),
    rules: config.rules.length,
  };
}

/** Opening is what a percentage opens, and what the rest gets. */
export interface Opening {
  opened: string;
  rest: string;
}

/** openingOf guesses what a percentage is about: the rest gets the off variation, as long as there is another. */
export function openingOf(serve: Serve, variations: readonly string[], off: string | null): Opening | undefined {
  const rest = off ?? variations.at(-1);
  const served = servedShares(serve).map(({ variation }) => variation);
  const opened = [...served, ...variations].find((variation) => variation !== rest);
  return opened !== undefined && rest !== undefined ? { opened, rest } : undefined;
}

/**
 * openTo serves weight of what is being opened. 100 % becomes the variation itself, unless its bucketing would be
 * lost.
 */
export function openTo({ opened, rest }: Opening, weight: number, serve: Serve): Serve {
  const ownBucketing = serve.rollout?.seed || serve.rollout?.bucketBy;
  if (weight === totalWeight && !ownBucketing) {
    return { variation: opened };
  }
  return { rollout: splitRollout(opened, rest, weight, serve.rollout) };
}

/** asRollout serves the same by percentages, with a line for each variation. */
export function asRollout(serve: Serve, variations: readonly string[]): Serve {
  if (serve.rollout) {
    return serve;
  }
  const weights = variations.map((variation) => ({
    variation,
    weight: variation === serve.variation ? totalWeight : 0,
  }));
  return { rollout: { weights } };
}
