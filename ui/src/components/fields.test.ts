import { expect, test } from "vitest";

const sources = import.meta.glob<string>("../**/*.tsx", { query: "?raw", import: "default", eager: true });

function usersOf(pattern: RegExp): string[] {
  return Object.entries(sources)
    .filter(([, source]) => pattern.test(source))
    .map(([path]) => path.replace(/^.*\//, ""));
}

// What was wrong in one number field was wrong in all: there is one component, and what it does is tested in the browser.
test("every number is edited in a NumberField", () => {
  expect(usersOf(/\bNumberInput\b|type="number"/)).toEqual(["NumberField.tsx"]);
});

test("every list of texts is edited in a ListField", () => {
  expect(usersOf(/\bTagsInput\b/)).toEqual(["ListField.tsx"]);
});
