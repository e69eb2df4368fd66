import { expect, test } from "vitest";

const sources = import.meta.glob<string>("../**/*.tsx", { query: "?raw", import: "default", eager: true });

function usersOf(pattern: RegExp): string[] {
  return Object.entries(sources)
    .filter(([, source]) => pattern.test(source))
    .map(([path]) => path.replace(/^.*\//, ""));
}

// All number fields are one component, so a fault in one of them is in all. Its behaviour is tested in the browser.
test("every number is edited in a NumberField", () => {
  expect(usersOf(/\bNumberInput\b|type="number"/)).toEqual(["NumberField.tsx"]);
});

test("every list of texts is edited in a ListField", () => {
  expect(usersOf(/\bTagsInput\b/)).toEqual(["ListField.tsx"]);
});
