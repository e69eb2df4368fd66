import { expect, test } from "vitest";
import type { GuardPoint } from "../api/types";
import { bound, curveOf, extent, formatDifference, guardText, readingText, verdictText } from "./guard";

test("guardText says what is measured", () => {
  expect(guardText({ name: "a", kind: "rate", metric: "error", per: "attempt" })).toBe("error per attempt");
  expect(guardText({ name: "a", kind: "quantile", metric: "latency" })).toBe("95 % quantile of latency");
  expect(guardText({ name: "a", kind: "web", url: "https://a/", pointer: "/ok" })).toBe("https://a/ /ok");
});

test("bound is on the side that is worse", () => {
  expect(bound({ name: "a", kind: "rate", tolerance: 0.1 })).toBe(0.1);
  expect(bound({ name: "a", kind: "mean", tolerance: 0.1, better: "higher" })).toBe(-0.1);
  expect(bound({ name: "a", kind: "prometheus", threshold: 3 })).toBe(3);
});

test("formatDifference has a sign", () => {
  expect(formatDifference(0.25)).toBe("+25 %");
  expect(formatDifference(-0.0333)).toBe("−3.33 %");
  expect(formatDifference(0)).toBe("±0 %");
});

const points: GuardPoint[] = [
  { at: "2026-01-01T00:00:00Z", step: 0 },
  { at: "2026-01-01T00:00:10Z", step: 0, difference: { estimate: 1 } },
  { at: "2026-01-01T00:00:20Z", step: 1, difference: { estimate: 0.5, lower: -0.2, upper: 2 } },
];

test("curveOf leaves out what has no estimate, and knows no bound where there is none", () => {
  const curve = curveOf(points);
  expect(curve.map(({ value }) => value)).toEqual([1, 0.5]);
  expect(curve[0]).toMatchObject({ lower: -Infinity, upper: Infinity });
});

test("extent holds what is certain now, the line and zero", () => {
  const [least, most] = extent(curveOf(points), 0.1);
  expect(least).toBeCloseTo(-0.42);
  expect(most).toBeCloseTo(2.22);
  expect(extent([], undefined)).toEqual([-0.1, 0.1]);
});

test("a guard is never called good, and waits for nothing once the release has ended", () => {
  expect(verdictText("good", false)).toBe("no harm proven");
  expect(verdictText("waiting", true)).toBe("ended");
  expect(verdictText("breached", true)).toBe("breached");
  expect(readingText({ verdict: "waiting", text: "3 of 100 exposed in this step" }, true)).toBe(
    "The release ended before enough was measured: 3 of 100 exposed in this step.",
  );
});
