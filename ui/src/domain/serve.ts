import type { FlagConfig, Serve, WeightedVariation } from "../api/types";
import { formatPercent, shares, totalWeight } from "./weights";

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

type Serving = Pick<FlagConfig, "offVariation" | "targets" | "rules" | "fallthrough" | "prerequisites" | "availability">;

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
    everyoneElse: serveText(config.fallthrough),
    fullyServed:
      served.length === 1 && only && only.variation !== config.offVariation ? only.variation : undefined,
    targets: config.targets.reduce((sum, target) => sum + target.values.length, 0),
    rules: config.rules.length,
  };
}
