import { parseJSON, writeJSON } from "./exactJSON";
import { isObject } from "./mergePatch";

/** readExpression reads the text of an expression; undefined if it is no JSON object. */
export function readExpression(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = parseJSON(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** How wide a list or object may be to stand on one line. */
const width = 90;

/** writeExpression writes an expression for people: what is short stands on one line. */
export function writeExpression(value: unknown, indent = ""): string {
  const line = oneLine(value);
  if (indent.length + line.length <= width || !(Array.isArray(value) || isObject(value))) {
    return line;
  }
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => inner + writeExpression(item, inner)).join(",\n")}\n${indent}]`;
  }
  const members = Object.entries(value).map(
    ([name, item]) => `${inner}${JSON.stringify(name)}: ${writeExpression(item, inner)}`,
  );
  return `{\n${members.join(",\n")}\n${indent}}`;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(oneLine).join(", ")}]`;
  }
  if (isObject(value)) {
    return `{${Object.entries(value)
      .map(([name, item]) => `${JSON.stringify(name)}: ${oneLine(item)}`)
      .join(", ")}}`;
  }
  return writeJSON(value);
}
