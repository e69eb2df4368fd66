import type { FlagType, Variation } from "../api/types";
import { isExactNumber, parseJSON, writeJSON } from "./exactJSON";
import { uniqueKey } from "./flagKey";
import { isObject } from "./mergePatch";

/** VariationDraft is a variation while it is edited: its value as it is typed. */
export interface VariationDraft {
  key: string;
  name: string;
  description: string;
  value: string;
}

export function draftVariation({ key, name = "", description = "", value }: Variation): VariationDraft {
  return { key, name, description, value: typeof value === "string" ? value : writeJSON(value) };
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
    value = parseJSON(typed);
  } catch (cause) {
    return { error: type === "object" ? `is not JSON: ${String(cause)}` : `has to be a ${type}` };
  }
  if (type === "number" && isExactNumber(value)) {
    return { error: "has more digits than a number keeps; a string or an object keeps them" };
  }
  const fits = type === "object" ? isObject(value) : typeof value === type;
  return fits ? { value } : { error: `has to be ${type === "object" ? "a JSON object" : `a ${type}`}` };
}

function isEmpty(type: FlagType, typed: string): boolean {
  return type === "object" ? typed.replace(/\s/g, "") === "{}" : type === "string" && typed === "";
}

/** readVariations makes variations of what was typed, or tells by pointer what does not fit. */
export function readVariations(type: FlagType, drafts: readonly VariationDraft[]) {
  const errors: { pointer: string; detail: string }[] = [];
  const variations: Variation[] = drafts.map(({ key, name, description, value }, index) => {
    const read = readValue(type, value);
    if ("error" in read) {
      errors.push({ pointer: `/variations/${index}/value`, detail: `The value ${read.error}.` });
    }
    const emptyBefore = drafts.slice(0, index).some((other) => isEmpty(type, other.value));
    if (isEmpty(type, value) && emptyBefore) {
      errors.push({
        pointer: `/variations/${index}/value`,
        detail: "Another variation is empty too: nobody could tell them apart.",
      });
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
