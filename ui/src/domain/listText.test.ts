import { expect, test } from "vitest";
import { addedText, addToList, type Division, isQuoteOpen, splitList, textOf } from "./listText";

test.each<[string, Division, string[]]>([
  ["ada\nbob\r\ncarl\rdan\n", "keys", ["ada", "bob", "carl", "dan"]],
  ["ada\tbob\tcarl", "keys", ["ada", "bob", "carl"]],
  ["ada;bob; carl", "keys", ["ada", "bob", "carl"]],
  ["ada, bob,,carl,", "keys", ["ada", "bob", "carl"]],
  ["ada bob  carl", "keys", ["ada", "bob", "carl"]],
  ["Ada Lovelace\nBob", "keys", ["Ada Lovelace", "Bob"]],
  ["New York, Paris", "values", ["New York", "Paris"]],
  ["New York", "values", ["New York"]],
  ['"Doe, Jane"\t"say ""hi"""', "values", ["Doe, Jane", 'say "hi"']],
  ["'ada', 'bob'", "keys", ["ada", "bob"]],
  ["“ada”, „bob“; «carl»", "keys", ["ada", "bob", "carl"]],
  ['"two words"', "keys", ["two words"]],
  ['"two\nlines",one', "values", ["two\nlines", "one"]],
  ['"open, ended', "values", ['"open', "ended"]],
  ["it's, o'hara", "values", ["it's", "o'hara"]],
  ['"a"b, c', "values", ['"a"b', "c"]],
  ["\"\", '', x", "keys", ["x"]],
  ['["ada", 42, 9007199254740993, true]', "keys", ["ada", "42", "9007199254740993", "true"]],
  ["[ada], b", "values", ["[ada]", "b"]],
  ["\ufeffada\u200b\n \u00a0bob", "keys", ["ada", "bob"]],
  ["^a{1,2};\\s$\n^b$", "lines", ["^a{1,2};\\s$", "^b$"]],
  ['"quoted", all', "lines", ['"quoted", all']],
  [">=1.0.0, <2.0.0", "lines", [">=1.0.0, <2.0.0"]],
  ["1.10, 2.0; 42", "values", ["1.10", "2.0", "42"]],
  [" \n\t;, ", "keys", []],
])("%j as %s", (text, division, values) => {
  expect(splitList(text, division)).toEqual(values);
});

test("a hundred thousand keys are taken, each once, and what was dropped is told", () => {
  const keys = Array.from({ length: 100_000 }, (_, index) => `user-${index}`);
  const { list, added, dropped } = addToList(
    ["user-7", "Ada"],
    splitList([...keys, "ada", "user-99"].join("\r\n"), "keys"),
  );
  expect(list).toHaveLength(100_002);
  expect(addedText({ added, dropped })).toBe("100,000 added. 2 dropped, there already: user-7, user-99.");
});

test.each([
  [{ added: 1, dropped: [] }, ""],
  [{ added: 20, dropped: [] }, "20 added."],
  [{ added: 0, dropped: ["bob"] }, "0 added. 1 dropped, there already: bob."],
  [{ added: 0, dropped: [..."abcdefg"] }, "0 added. 7 dropped, there already: a, b, c, d, e and 2 more."],
  [{ added: 0, dropped: [] }, "There was nothing to add."],
])("%j is told", (outcome, text) => {
  expect(addedText(outcome)).toBe(text);
});

test("a comma within quotes is part of the value that is being typed", () => {
  expect(['"a', ' "a, b', "'"].map(isQuoteOpen)).toEqual([true, true, true]);
  expect(["a", '"a"', "it's"].map(isQuoteOpen)).toEqual([false, false, false]);
});

test("files are read in the encodings of editors and spreadsheets, and nothing else is", () => {
  expect(textOf(new TextEncoder().encode("\ufeffädä\nbob"))).toBe("ädä\nbob");
  expect(textOf(new Uint8Array([0xff, 0xfe, 0x61, 0, 0x0a, 0, 0x62, 0]))).toBe("a\nb");
  expect(textOf(new Uint8Array([0xfe, 0xff, 0, 0x61]))).toBe("a");
  expect(textOf(new Uint8Array([0x50, 0x4b, 0x03, 0x04, 0x00]))).toBeUndefined();
  expect(textOf(new Uint8Array([0xe4, 0x0a]))).toBeUndefined();
});
