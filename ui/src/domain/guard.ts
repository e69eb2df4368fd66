import type { GuardPoint, GuardReading, Release, ReleaseGuard } from "../api/types";

/** isWatched tells whether guards measure the release now. */
export function isWatched(release: Release | null | undefined): boolean {
  const underWay = release?.phase === "progressing" || release?.phase === "paused";
  return underWay && (release.guards?.length ?? 0) > 0;
}

/** compares tells whether the guard compares the exposed with the rest, rather than checking a value elsewhere. */
export function compares({ kind }: Pick<ReleaseGuard, "kind">): boolean {
  return kind === "rate" || kind === "mean" || kind === "quantile";
}

export const verdictColor: Record<GuardReading["verdict"], string> = {
  good: "teal",
  waiting: "gray",
  missing: "yellow",
  breached: "red",
};

const verdicts: Record<GuardReading["verdict"], string> = {
  good: "no harm proven",
  waiting: "waiting",
  missing: "not measured",
  breached: "breached",
};

/**
 * verdictText says where a guard stands. If it is not proven that something is worse, that does not mean it is good.
 */
export function verdictText(verdict: GuardReading["verdict"], ended: boolean): string {
  return ended && verdict !== "breached" ? "ended" : verdicts[verdict];
}

/** readingText says what was measured. Once the release has ended nothing is waited for. */
export function readingText({ verdict, text }: Pick<GuardReading, "verdict" | "text">, ended: boolean): string {
  return ended && verdict === "waiting" ? `The release ended before enough was measured: ${text}.` : text;
}

/** guardText says what the guard measures. */
export function guardText({ kind, metric, per, quantile = 0.95, query, url, pointer }: ReleaseGuard): string {
  switch (kind) {
    case "rate":
      return `${metric} per ${per}`;
    case "mean":
      return `mean of ${metric}`;
    case "quantile":
      return `${formatShare(quantile)} quantile of ${metric}`;
    case "prometheus":
      return query ?? "";
    case "web":
      return [url, pointer].filter(Boolean).join(" ");
  }
}

/** formatShare writes a share as a percentage of at most three figures. */
export function formatShare(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

/** formatDifference writes a relative difference with its sign: "+25 %". */
export function formatDifference(difference: number): string {
  return `${difference > 0 ? "+" : difference < 0 ? "−" : "±"}${formatShare(Math.abs(difference))}`;
}

/** bound is the line that must not be passed: a relative difference, or a value elsewhere. */
export function bound(guard: ReleaseGuard): number | undefined {
  if (!compares(guard)) {
    return guard.threshold;
  }
  return guard.better === "higher" ? -(guard.tolerance ?? 0) : (guard.tolerance ?? 0);
}

export interface Curve {
  at: number;
  value: number;
  lower: number;
  upper: number;
}

/** curveOf is what a plot draws: relative differences with their bounds, or values. Where there is no bound it is infinite. */
export function curveOf(points: readonly GuardPoint[]): Curve[] {
  return points.flatMap(({ at, difference, value }) => {
    if (difference) {
      const { estimate, lower = -Infinity, upper = Infinity } = difference;
      return [{ at: Date.parse(at), value: estimate, lower, upper }];
    }
    return value === undefined ? [] : [{ at: Date.parse(at), value, lower: value, upper: value }];
  });
}

/** extent is the range of a plot: all values, the line, zero, and the bounds as far as they stand now. */
export function extent(curve: readonly Curve[], line: number | undefined): [number, number] {
  const last = curve.at(-1);
  const shown = [0, line ?? 0, ...curve.map(({ value }) => value), last?.lower ?? 0, last?.upper ?? 0].filter(
    Number.isFinite,
  );
  const least = Math.min(...shown);
  const most = Math.max(...shown);
  const margin = (most - least || 1) * 0.1;
  return [least - margin, most + margin];
}
