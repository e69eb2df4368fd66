import type { WeightedVariation } from "../api/types";
import { sharesText } from "../domain/serve";
import { shares, toPercent, totalWeight } from "../domain/weights";
import classes from "./SharesBar.module.css";
import { variationColor } from "./variationColor";

interface Props {
  weights: readonly WeightedVariation[];
  /** The flag's variation keys, in order: a variation has the same colour everywhere. */
  variations: readonly string[];
  height?: number;
}

/** SharesBar draws the share of each variation. */
export function SharesBar({ weights, variations, height = 6 }: Props) {
  const served = shares(weights);
  const total = Math.max(
    totalWeight,
    served.reduce((sum, { weight }) => sum + weight, 0),
  );
  return (
    <div className={classes.bar} style={{ "--bar-height": `${height}px` }} role="img" aria-label={sharesText(served)}>
      {served.map(({ variation, weight }) => (
        <div
          key={variation}
          className={classes.share}
          title={`${variation} ${toPercent(weight)}%`}
          style={{ width: `${(weight / total) * 100}%`, background: variationColor(variation, variations) }}
        />
      ))}
    </div>
  );
}
