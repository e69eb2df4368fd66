import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const styles = readFileSync(new URL("./mantine.css", import.meta.url), "utf8");
const sources = import.meta.glob<string>("./**/*.tsx", { query: "?raw", import: "default", eager: true });
const parts = Object.keys(import.meta.glob("../node_modules/@mantine/core/styles/*.css")).map((path) =>
  path.replace(/^.*\/|\.css$/g, ""),
);

// Without its styles a part of Mantine is drawn as the browser likes, such as a check mark that fills the page.
test("every part of Mantine that is used has its styles", () => {
  const used = Object.values(sources)
    .flatMap((source) => [...source.matchAll(/import \{([^}]*)\} from "@mantine\/core"/g)])
    .flatMap(([, names = ""]) => names.split(",").map((name) => name.replace(/^\s*(type\s)?\s*|\s*$/g, "")));
  expect(used).toContain("Button");
  expect(parts).toContain("Button");
  const missing = parts.filter((part) => used.includes(part) && !styles.includes(`/styles/${part}.css"`));
  expect(missing).toEqual([]);
});
