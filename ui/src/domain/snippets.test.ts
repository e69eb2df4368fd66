import { expect, test } from "vitest";
import type { Flag, FlagType, Variation } from "../api/types";
import { curlSnippet, goSnippet, typescriptSnippet } from "./snippets";

function flag(type: FlagType, ...variations: Variation[]): Flag {
  return {
    key: "new-checkout",
    name: "",
    description: "",
    type,
    purpose: "release",
    variations,
    clientSide: false,
    tags: [],
    owner: "",
    archived: false,
    version: 1,
    createdAt: "",
    updatedAt: "",
    environments: {},
  };
}

const boolean = flag("boolean", { key: "on", value: true }, { key: "off", value: false });
const origin = "https://flags.example";

test.each<[Flag, string, string]>([
  [boolean, 'BooleanValue(ctx, "new-checkout", false, user)', 'getBooleanValue("new-checkout", false, {'],
  [
    flag("string", { key: "off", value: "it's" }),
    'StringValue(ctx, "new-checkout", "it\'s", user)',
    'getStringValue("new-checkout", "it\'s", {',
  ],
  [
    flag("number", { key: "few", value: 1.5 }),
    'FloatValue(ctx, "new-checkout", 1.5, user)',
    'getNumberValue("new-checkout", 1.5, {',
  ],
  [
    flag("object", { key: "off", value: { a: 1 } }),
    'ObjectValue(ctx, "new-checkout", map[string]any{}, user)',
    'getObjectValue("new-checkout", {}, {',
  ],
])("each type is asked for with its own method and a fitting default", (of, go, typescript) => {
  expect(goSnippet(of, origin)).toContain(`client.${go}`);
  expect(typescriptSnippet(of, origin)).toContain(`client.${typescript}`);
});

test("the snippets ask this server", () => {
  expect(goSnippet(boolean, origin)).toContain(`NewProvider("${origin}"`);
  expect(typescriptSnippet(boolean, origin)).toContain(`baseUrl: "${origin}"`);
  expect(curlSnippet(boolean, origin)).toContain(`${origin}/ofrep/v1/evaluate/flags/new-checkout`);
});
