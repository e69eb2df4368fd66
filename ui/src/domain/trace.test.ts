import { expect, test } from "vitest";
import type { Explanation } from "../api/types";
import { traceOf } from "./trace";

test("an evaluation is told in its order", () => {
  const explanation: Explanation = {
    flag: "new-checkout",
    variation: "on",
    value: true,
    reason: "SPLIT",
    revision: 7,
    enabled: true,
    availability: {
      outcome: "matched",
      scope: "instance",
      service: "shop",
      version: ">=2",
      actualService: "shop",
      actualVersion: "2.1.0",
    },
    targets: [{ outcome: "notMatched", variation: "on", valueCount: 3 }],
    rules: [
      {
        outcome: "unknown",
        id: "r",
        description: "beta",
        clauses: [
          { outcome: "unknown", attribute: "plan", operator: "in", expected: ["pro"], expectedCount: 1 },
          {
            outcome: "notReached",
            any: [{ outcome: "notReached", operator: "inSegment", expected: ["staff"], expectedCount: 1 }],
          },
        ],
      },
    ],
    fallthrough: {
      outcome: "matched",
      rollout: {
        bucketBy: "targetingKey",
        seed: "new-checkout",
        key: "user-1",
        bucket: 12,
        ranges: [
          { variation: "on", from: 0, to: 25_000, chosen: true },
          { variation: "off", from: 25_000, to: 100_000 },
        ],
      },
    },
  };
  expect(traceOf(explanation).map(({ outcome, text, details }) => [outcome, text, ...details])).toEqual([
    ["matched", "The flag is on"],
    ["matched", "Available with shop >=2", "shop 2.1.0"],
    ["notMatched", "Target of on: one of 3 keys"],
    ["unknown", "Rule 1 “beta”", "? plan is one of pro: it is missing", "· (is in segment staff)"],
    ["matched", "Everyone else: serve on", 'targetingKey "user-1" falls into bucket 12, in 0 to 25000'],
  ]);
});
