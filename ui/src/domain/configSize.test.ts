import { expect, test } from "vitest";
import type { ConfigDraft } from "./configDraft";
import { oversizeText } from "./configSize";

const base: ConfigDraft = {
  enabled: true,
  offVariation: "off",
  targets: [],
  rules: [],
  fallthrough: { variation: "on" },
  prerequisites: [],
};

/** keysOf makes keys that take 13 bytes each in the list that is sent. */
const keysOf = (count: number) => Array.from({ length: count }, (_, index) => String(index).padStart(10, "k"));
const withTargets = (count: number): ConfigDraft => ({
  ...base,
  targets: [{ variation: "on", values: keysOf(count) }],
});
const most = Math.floor((2 ** 20 - '{"targets":[{"variation":"on","values":[]}]}'.length + 1) / 13);

test("as many keys as fit may be sent", () => {
  expect(oversizeText(base, withTargets(most))).toBeUndefined();
});

test("one key more is too many, and a segment is named", () => {
  expect(oversizeText(base, withTargets(most + 1))).toMatch(
    /^A flag has room for about 80,65\d of these 80,65\d keys\. .* segment/,
  );
});

test("letters count as the bytes that they take", () => {
  const values = Array.from({ length: 60_000 }, () => "ключ-ключ");
  expect(oversizeText(base, { ...base, targets: [{ variation: "on", values }] })).toMatch(/of these 60,000 keys/);
});

test("values of rules count, and what is saved already does not", () => {
  const rules = [
    {
      id: "r",
      clauses: [{ attribute: "user", operator: "in" as const, values: keysOf(most + 1) }],
      serve: { variation: "on" },
    },
  ];
  expect(oversizeText(base, { ...base, rules })).toMatch(/^A flag has 1 MB of room\./);
  expect(oversizeText({ ...base, rules }, { ...base, rules, enabled: false })).toBeUndefined();
});
