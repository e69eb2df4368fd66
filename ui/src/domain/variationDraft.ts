import type { FlagType, Variation } from "../api/types";
import { isObject } from "./mergePatch";
import { uniqueKey } from "./flagKey";

/** VariationDraft is a variation while it is edited: its value as it is typed. */
export interface VariationDraft {
  key: string;
  name: string;
  description: string;
  value: string;
}

export function draftVariation({ key, name = "", description = "", value }: Variation): VariationDraft {
  return { key, name, description, value: typeof value === "string" ? value : JSON.stringify(value) };
}

/** firstVariations gives a new flag two variations of its type. */
export function firstVariations(type: FlagType): VariationDraft[] {
  const values: Record<FlagType, [string, string]> = {
    boolean: ["true", "false"],
    string: ["", ""],
    number: ["1", "0"],
    object: ["{}", "{}"],
  };
  const [on, off] = values[type];
  return [
    { key: "on", name: "", description: "", value: on },
    { key: "off", name: "", description: "", value: off },
  ];
}

export function anotherVariation(drafts: readonly VariationDraft[], type: FlagType): VariationDraft {
  const taken = drafts.map(({ key }) => key);
  return { key: uniqueKey("new", taken), name: "", description: "", value: firstVariations(type)[1]?.value ?? "" };
}

/** readValue reads a typed value as the type has it; what does not fit is told. */
export function readValue(type: FlagType, typed: string): { value: unknown } | { error: string } {
  if (type === "string") {
    return { value: typed };
  }
  let value: unknown;
  try {
    value = JSON.parse(typed);
  } catch (cause) {
    return { error: type === "object" ? `is not JSON: ${String(cause)}` : `has to be a ${type}` };
  }
  const fits = type === "object" ? isObject(value) : typeof value === type;
  return fits ? { value } : { error: `has to be ${type === "object" ? "a JSON object" : `a ${type}`}` };
}

/** readVariations makes variations of what was typed, or tells by pointer what does not fit. */
export function readVariations(type: FlagType, drafts: readonly VariationDraft[]) {
  const errors: { pointer: string; detail: string }[] = [];
  const variations: Variation[] = drafts.map(({ key, name, description, value }, index) => {
    const read = readValue(type, value);
    if ("error" in read) {
      errors.push({ pointer: `/variations/${index}/value`, detail: `The value ${read.error}.` });
    }
    return {
      key,
      ...(name ? { name } : {}),
      ...(description ? { description } : {}),
      value: "value" in read ? read.value : null,
    };
  });
  return { variations, errors };
}
