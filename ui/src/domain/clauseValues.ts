import type { Clause } from "../api/types";
import { parseJSON, writeJSON } from "./exactJSON";
import { operators, type ValueKind } from "./operators";

/**
 * showValue writes a value so that parseValue gives back the same value: text that would be read as a number or a truth
 * value is quoted.
 */
export function showValue(value: unknown, kind: ValueKind): string {
  if (typeof value !== "string") {
    return writeJSON(value);
  }
  return kind === "any" && readsAsJSON(value) ? JSON.stringify(value) : value;
}

/** parseValue reads what showValue has written. */
export function parseValue(shown: string, kind: ValueKind): unknown {
  return kind === "any" && readsAsJSON(shown) ? parseJSON(shown) : typedValue(shown, kind);
}

/** typedValue reads what a person typed. It is text, or a number if the operator compares numbers. */
export function typedValue(typed: string, kind: ValueKind): unknown {
  return (kind === "number" || kind === "instant" ? numberIn(typed.trim()) : undefined) ?? typed;
}

/** convertValue turns a value into the type that another operator needs: 42 becomes the text "42", and back. */
export function convertValue(value: unknown, kind: ValueKind): unknown {
  if (kind === "any") {
    return value;
  }
  if (typeof value === "string") {
    return typedValue(value, kind);
  }
  return kind === "text" || kind === "segment" ? writeJSON(value) : value;
}

/** ValueType is the type of a value whose characters could also be another type: 42 is a text or a number. */
export interface ValueType {
  is: "text" | "number" | "true or false";
  /** The same characters as the other type, where there is one. */
  other: { is: ValueType["is"]; value: unknown } | undefined;
}

/** valueType tells the type of a value. It gives undefined if the value can only be text. */
export function valueType(value: unknown): ValueType | undefined {
  if (typeof value !== "string") {
    return { is: nameOf(value), other: { is: "text", value: writeJSON(value) } };
  }
  const other = value === "true" || value === "false" ? value === "true" : numberIn(value);
  if (other !== undefined) {
    return { is: "text", other: { is: nameOf(other), value: other } };
  }
  return /^-?\d/.test(value) && Number.isFinite(Number(value)) ? { is: "text", other: undefined } : undefined;
}

function nameOf(value: unknown): ValueType["is"] {
  return typeof value === "boolean" ? "true or false" : "number";
}

const decimal = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** numberIn gives the number that stands in a text, if the server takes it: integers end at 2^53 − 1. */
function numberIn(text: string): number | undefined {
  const value = decimal.test(text) ? parseJSON(text) : undefined;
  return typeof value === "number" && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

const scalar = /^(true|false|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?|".*")$/;

function readsAsJSON(text: string): boolean {
  if (!scalar.test(text)) {
    return false;
  }
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** valueKind tells what a clause's values are. A targeting key is always text. */
export function valueKind({ attribute, operator }: Clause): ValueKind {
  const kind = operator ? operators[operator].values : "any";
  return kind === "any" && attribute === "targetingKey" ? "text" : kind;
}
