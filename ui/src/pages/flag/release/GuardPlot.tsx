import type { GuardPoint, ReleaseGuard } from "../../../api/types";
import { bound, type Curve, compares, curveOf, extent, formatDifference } from "../../../domain/guard";
import classes from "./Guards.module.css";

const width = 320;
const height = 96;
const left = 52;
const right = 6;
const top = 6;
const bottom = 6;
const textHeight = 11;

interface Props {
  guard: ReleaseGuard;
  points: readonly GuardPoint[];
}

/** GuardPlot draws the difference of the exposed to the rest over time, with its confidence sequence and what is tolerated. */
export function GuardPlot({ guard, points }: Props) {
  const curve = curveOf(points);
  const first = curve[0];
  const last = curve.at(-1);
  if (!first || !last) {
    return null;
  }
  const line = bound(guard);
  const [least, most] = extent(curve, line);
  const x = (at: number) => left + ((width - left - right) * (at - first.at)) / (last.at - first.at || 1);
  const y = (value: number) => {
    const held = Math.min(most, Math.max(least, value));
    return top + ((height - top - bottom) * (most - held)) / (most - least);
  };
  // The line of what is tolerated matters more: where both are close together, it alone has a label.
  const crowded = line !== undefined && Math.abs(y(line) - y(0)) < textHeight;
  const label = (value: number) => (compares(guard) ? formatDifference(value) : String(Number(value.toPrecision(3))));
  return (
    <svg
      className={classes.plot}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={plotText(guard, last, label)}
    >
      <path className={classes.band} d={band(curve, x, y)} />
      {compares(guard) && <Line className={classes.zero} y={y(0)} text={crowded ? "" : "±0 %"} />}
      {line !== undefined && <Line className={classes.bound} y={y(line)} text={label(line)} />}
      <path className={classes.curve} d={path(curve.map((point) => [x(point.at), y(point.value)]))} />
      <circle className={classes.last} cx={x(last.at)} cy={y(last.value)} r={2.5} />
    </svg>
  );
}

function Line({ className, y, text }: { className: string | undefined; y: number; text: string }) {
  return (
    <g className={className}>
      <line x1={left} x2={width - right} y1={y} y2={y} />
      <text x={left - 5} y={y + 3} textAnchor="end">
        {text}
      </text>
    </g>
  );
}

/** plotText says what the plot shows at its end, to those who do not see it. */
function plotText(guard: ReleaseGuard, { value, lower, upper }: Curve, label: (value: number) => string): string {
  if (!compares(guard)) {
    return `Value over time, now ${label(value)}, the threshold is ${label(guard.threshold ?? 0)}`;
  }
  const range = [
    Number.isFinite(lower) ? `above ${label(lower)}` : "",
    Number.isFinite(upper) ? `below ${label(upper)}` : "",
  ];
  return `Difference of the exposed over time, now ${[label(value), ...range].filter(Boolean).join(", ")}`;
}

function path(corners: readonly (readonly [number, number])[]): string {
  return corners.map(([x, y], index) => `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}

function band(curve: readonly Curve[], x: (at: number) => number, y: (value: number) => number): string {
  const above = curve.map((point) => [x(point.at), y(point.upper)] as const);
  const below = curve.map((point) => [x(point.at), y(point.lower)] as const);
  return `${path([...above, ...below.reverse()])}Z`;
}
