import { expect, test } from "vitest";
import { activeFreeze, draftOfFreeze, freezeOf, freezeText } from "./freeze";

const until = { from: "2026-11-26T00:00:00.000Z", to: "2026-12-01T00:00:00.000Z", reason: "Black Friday" };
const open = { from: "2026-11-26T00:00:00.000Z", reason: "audit" };

test("a freeze survives its form", () => {
  for (const freeze of [until, open]) {
    expect(freezeOf(draftOfFreeze(freeze))).toEqual(freeze);
  }
  expect(freezeOf({ from: "soon", to: "", reason: "" })).toEqual({ from: "soon", reason: "" });
});

test("activeFreeze is the one that holds now", () => {
  expect(activeFreeze(undefined, 0)).toBeUndefined();
  expect(activeFreeze([until], Date.parse("2026-11-25T23:59:59Z"))).toBeUndefined();
  expect(activeFreeze([until], Date.parse("2026-11-26T00:00:00Z"))).toBe(until);
  expect(activeFreeze([until], Date.parse("2026-12-01T00:00:00Z"))).toBeUndefined();
  expect(activeFreeze([until, open], Date.parse("2027-01-01T00:00:00Z"))).toBe(open);
});

test("freezeText says why", () => {
  expect(freezeText(open)).toBe("until it is lifted: audit");
});
