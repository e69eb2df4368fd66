import type { FieldError, FlagCreate, FlagType, Purpose } from "../../api/types";
import { isKey, suggestKey } from "../../domain/flagKey";
import { firstVariations, readVariations, type VariationDraft } from "../../domain/variationDraft";

/** NewFlag is the form of a flag that is being created. */
export interface NewFlag {
  key: string;
  /** Whether the key is the person's own: then the name no longer suggests one. */
  keyTyped: boolean;
  name: string;
  description: string;
  type: FlagType;
  purpose: Purpose;
  variations: VariationDraft[];
  on: string;
  off: string;
  clientSide: boolean;
  tags: string[];
}

export function newFlag(): NewFlag {
  return {
    key: "", keyTyped: false, name: "", description: "", type: "boolean", purpose: "release",
    variations: firstVariations("boolean"), on: "on", off: "off", clientSide: false, tags: [],
  };
}

export function withName(flag: NewFlag, name: string): NewFlag {
  return { ...flag, name, key: flag.keyTyped ? flag.key : suggestKey(name) };
}

export function withType(flag: NewFlag, type: FlagType): NewFlag {
  return { ...flag, type, variations: firstVariations(type), on: "on", off: "off" };
}

/** newFlagBody makes the request of the form, or tells by pointer what is wrong with it. */
export function newFlagBody(flag: NewFlag): { body: FlagCreate; errors: FieldError[] } {
  const { variations, errors } = readVariations(flag.type, flag.variations);
  const keys = variations.map(({ key }) => key);
  if (!isKey(flag.key)) {
    errors.push({ pointer: "/key", detail: "Letters, digits, dot, underscore and hyphen, up to 128; begins with a letter or digit." });
  }
  const body: FlagCreate = {
    type: flag.type,
    purpose: flag.purpose,
    name: flag.name || flag.key,
    description: flag.description,
    variations,
    clientSide: flag.clientSide,
    tags: flag.tags,
  };
  const on = keys.includes(flag.on) ? flag.on : keys[0];
  const off = keys.includes(flag.off) ? flag.off : keys.at(-1);
  return {
    body: { ...body, ...(on ? { fallthroughVariation: on } : {}), ...(off ? { offVariation: off } : {}) },
    errors,
  };
}
