import { expect, test } from "vitest";
import { mergePatch, sameJSON } from "./mergePatch";

/** apply is RFC 7396's own algorithm, to prove that a patch does what it is for. */
function apply(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) {
    return patch;
  }
  const result: Record<string, unknown> =
    typeof target === "object" && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      delete result[key];
    } else {
      result[key] = apply(result[key], value);
    }
  }
  return result;
}

const rollout = { weights: [{ variation: "on", weight: 100_000 }] };

test.each([
  ["a field changes", { a: 1, b: 2 }, { a: 1, b: 3 }, { b: 3 }],
  ["nothing changes", { a: { b: [1] } }, { a: { b: [1] } }, {}],
  [
    "a variation becomes a rollout",
    { f: { variation: "on" } },
    { f: { rollout } },
    { f: { variation: null, rollout } },
  ],
  ["a nested field goes", { f: { seed: "s", n: 1 } }, { f: { n: 1 } }, { f: { seed: null } }],
  ["an array is replaced as a whole", { a: [1, 2] }, { a: [2] }, { a: [2] }],
  ["a field goes", { a: 1, b: { c: 1 } }, { a: 1 }, { b: null }],
])("%s", (_, before, after, patch) => {
  expect(mergePatch(before, after)).toEqual(patch);
  expect(apply(before, patch)).toEqual(after);
});

test("sameJSON looks at values, not at the order of keys or at undefined", () => {
  expect(sameJSON({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1, d: undefined })).toBe(true);
  expect(sameJSON([1, 2], [2, 1])).toBe(false);
  expect(sameJSON(null, undefined)).toBe(false);
  expect(sameJSON([], {})).toBe(false);
});
