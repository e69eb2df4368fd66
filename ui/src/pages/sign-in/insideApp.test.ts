import { expect, test } from "vitest";
import { insideApp } from "./insideApp";

test.each([
  ["/projects/default/changes?env=staging", "/projects/default/changes?env=staging"],
  [undefined, "/"],
  ["", "/"],
  ["//example.com/", "/"],
  ["/\\example.com", "/"],
  ["https://example.com/", "/"],
  ["javascript:alert(1)", "/"],
])("%s leads to %s", (to, inside) => {
  expect(insideApp(to)).toBe(inside);
});
