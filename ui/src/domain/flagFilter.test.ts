import { expect, test } from "vitest";
import type { Flag } from "../api/types";
import { filterFlags, tagsOf } from "./flagFilter";

function flag(key: string, more: Partial<Flag> = {}): Flag {
  return {
    key,
    name: key,
    description: "",
    type: "boolean",
    purpose: "release",
    variations: [],
    clientSide: false,
    tags: [],
    owner: "",
    archived: false,
    version: 1,
    createdAt: "",
    updatedAt: "",
    environments: {},
    ...more,
  };
}

const serving = { state: "on", short: "", sentence: "" } as const;
const summary = (enabled: boolean) => ({ enabled, serving, serves: [], rules: 0, targets: 0, version: 1 });

const flags = [
  flag("checkout", {
    name: "New checkout",
    tags: ["shop", "web"],
    environments: { dev: summary(true), prod: summary(false) },
  }),
  flag("search", {
    purpose: "experiment",
    owner: "team-search",
    environments: { dev: summary(false), prod: summary(false) },
  }),
  flag("cart", {
    tags: ["web"],
    environments: { prod: { ...summary(true), release: { phase: "paused", variation: "on", weight: 5_000 } } },
  }),
];

test.each([
  [{}, ["checkout", "search", "cart"]],
  [{ q: "new CHECK" }, ["checkout"]],
  [{ q: "team" }, ["search"]],
  [{ purpose: "experiment" }, ["search"]],
  [{ tag: "web" }, ["checkout", "cart"]],
  [{ state: "on" as const }, ["checkout", "cart"]],
  [{ state: "on" as const, env: "prod" }, ["cart"]],
  [{ state: "releasing" as const }, ["cart"]],
  [{ tag: "web", q: "nothing" }, []],
])("%j", (search, keys) => {
  expect(filterFlags(flags, search).map(({ key }) => key)).toEqual(keys);
});

test("tagsOf lists each tag once", () => {
  expect(tagsOf(flags)).toEqual(["shop", "web"]);
});
