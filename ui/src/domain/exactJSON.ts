import { isLosslessNumber, isSafeNumber, LosslessNumber, parse, stringify } from "lossless-json";

/** Only a number this long can have digits that JavaScript's own numbers drop. */
const longNumber = /[\d.]{16}|\d[eE]/;

/** parseJSON reads JSON as JSON.parse does, but keeps the digits of numbers such as 9007199254740993. */
export function parseJSON(text: string): unknown {
  return longNumber.test(text) ? parse(text, null, numberOf) : JSON.parse(text);
}

/** writeJSON writes what parseJSON has read, with the same digits. What has no JSON form gives an empty text. */
export function writeJSON(value: unknown, indent?: number): string {
  return stringify(value, null, indent) ?? "";
}

/** isExactNumber tells a number whose digits only its text keeps. */
export function isExactNumber(value: unknown): value is LosslessNumber {
  return isLosslessNumber(value);
}

function numberOf(text: string): number | LosslessNumber {
  return isSafeNumber(text) ? Number(text) : new LosslessNumber(text);
}
