import { expect, test } from "vitest";
import { headerText, writeHeaders } from "./client";

test("a reason in any script fits into a header", () => {
  const sent = headerText("größer\nals 日本");
  expect([...sent].every((character) => character.charCodeAt(0) < 256)).toBe(true);
  const bytes = Uint8Array.from(sent, (character) => character.charCodeAt(0));
  expect(new TextDecoder().decode(bytes)).toBe("größer als 日本");
});

test("writeHeaders sends only what is given", () => {
  expect(writeHeaders({})).toEqual({});
  expect(writeHeaders({ version: 7, reason: " " })).toEqual({ "If-Match": '"7"' });
});
