import { parseJSON } from "./exactJSON";

/**
 * What divides the values of a list in a text. Lines, tabs, semicolons and commas divide them. Spaces divide keys
 * too, if nothing else divides them. If a value may contain all of these, only lines divide.
 */
export type Division = "values" | "keys" | "lines";

const quotes: Record<string, string> = { '"': '"', "'": "'", "“": "”", "„": "“", "«": "»" };
const around = /^[\s\u200b\ufeff]+|[\s\u200b\ufeff]+$/g;

/** splitList takes the values out of what people paste or keep in files; quoted ones may hold what divides. */
export function splitList(text: string, division: Division): string[] {
  const listed = division === "lines" ? undefined : jsonList(text);
  if (listed) {
    return listed;
  }
  const values = divide(text, division === "lines" ? /[\r\n]/ : /[\r\n\t;,]/, division !== "lines");
  const [only] = values;
  return division === "keys" && values.length === 1 && only && text.trim() === only ? only.split(/\s+/) : values;
}

/** jsonList reads a JSON array of texts, numbers and truth values. */
function jsonList(text: string): string[] | undefined {
  if (!text.replace(around, "").startsWith("[")) {
    return undefined;
  }
  try {
    const list = parseJSON(text.replace(around, ""));
    const plain =
      Array.isArray(list) && list.every((item) => !Array.isArray(item) && item !== null && !isPlainObject(item));
    return plain ? list.map(String).filter(Boolean) : undefined;
  } catch {
    return undefined;
  }
}

function isPlainObject(item: unknown): boolean {
  return typeof item === "object" && item?.constructor === Object;
}

function divide(text: string, divider: RegExp, quoted: boolean): string[] {
  const values: string[] = [];
  let at = 0;
  while (at < text.length) {
    const value = quoted ? quotedValue(text, at, divider) : undefined;
    const end = value?.end ?? endOf(text, at, divider);
    const found = value?.value ?? text.slice(at, end).replace(around, "");
    if (found !== "") {
      values.push(found);
    }
    at = end + 1;
  }
  return values;
}

function endOf(text: string, from: number, divider: RegExp): number {
  let at = from;
  while (at < text.length && !divider.test(text.charAt(at))) {
    at++;
  }
  return at;
}

/**
 * quotedValue reads a value in quotes. Inside it, two quotes mean one. Without the closing quote it is no quoted
 * value.
 */
function quotedValue(text: string, from: number, divider: RegExp): { value: string; end: number } | undefined {
  let at = from;
  while (/[ \u00a0\u200b\ufeff]/.test(text.charAt(at))) {
    at++;
  }
  const close = quotes[text.charAt(at)];
  if (!close) {
    return undefined;
  }
  let value = "";
  for (at++; at < text.length; at++) {
    const char = text.charAt(at);
    if (char !== close) {
      value += char;
    } else if (text.charAt(at + 1) === close) {
      value += close;
      at++;
    } else {
      const end = endOf(text, at + 1, divider);
      return text.slice(at + 1, end).replace(around, "") === "" ? { value, end } : undefined;
    }
  }
  return undefined;
}

/** isQuoteOpen tells whether a quoted value is being typed. A divider does not end such a value. */
export function isQuoteOpen(typed: string): boolean {
  const text = typed.trimStart();
  const close = quotes[text.charAt(0)];
  return close !== undefined && !text.slice(1).endsWith(close);
}

export interface Added {
  list: string[];
  /** How many came to the list. */
  added: number;
  /** What was left out, for it stood there already or twice in what was added. */
  dropped: string[];
}

/** addToList appends values. Each stands once, exactly as it is written. */
export function addToList(list: readonly string[], found: readonly string[]): Added {
  const known = new Set(list);
  const dropped: string[] = [];
  for (const value of found) {
    if (known.has(value)) {
      dropped.push(value);
    }
    known.add(value);
  }
  return { list: [...known], added: known.size - new Set(list).size, dropped };
}

const namedDropped = 5;

/**
 * addedText says what happened to the added values. It is empty if one value was added, because people see that one.
 */
export function addedText({ added, dropped }: Pick<Added, "added" | "dropped">): string {
  if (added + dropped.length === 0) {
    return "There was nothing to add.";
  }
  if (dropped.length === 0) {
    return added === 1 ? "" : `${added.toLocaleString("en")} added.`;
  }
  const more = dropped.length - namedDropped;
  const names = dropped.slice(0, namedDropped).join(", ") + (more > 0 ? ` and ${more.toLocaleString("en")} more` : "");
  return `${added.toLocaleString("en")} added. ${dropped.length.toLocaleString("en")} dropped, there already: ${names}.`;
}

/** textOf reads a file as people save lists: UTF-8, or UTF-16 as spreadsheets write it. Anything else gives undefined. */
export function textOf(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
