import type { Clause } from "../api/types";
import { operators, type ValueKind } from "./operators";

/**
 * showValue writes a value as people type it. Text that would be read as a number or a truth value is quoted, so
 * that parseValue gives back the same value.
 */
export function showValue(value: unknown, kind: ValueKind): string {
  if (typeof value !== "string") {
    return JSON.stringify(value) ?? "";
  }
  return kind === "any" && readsAsJSON(value) ? JSON.stringify(value) : value;
}

/** parseValue reads what was typed: text, but for numbers where the operator compares them. */
export function parseValue(typed: string, kind: ValueKind): unknown {
  if (kind === "number" || kind === "instant") {
    const number = Number(typed);
    return typed.trim() !== "" && Number.isFinite(number) ? number : typed;
  }
  return kind === "any" && readsAsJSON(typed) ? JSON.parse(typed) : typed;
}

/** convertValue makes of a value what another operator needs: 42 becomes the text "42", and back. */
export function convertValue(value: unknown, kind: ValueKind): unknown {
  if (kind === "any") {
    return value;
  }
  if (typeof value === "string") {
    return parseValue(value, kind);
  }
  return kind === "text" || kind === "segment" ? JSON.stringify(value) : value;
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
