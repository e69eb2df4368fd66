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
  /** Which of the variations is served on, and which off. */
  on: number;
  off: number;
  clientSide: boolean;
  tags: string[];
}

export function newFlag(): NewFlag {
  return {
    key: "",
    keyTyped: false,
    name: "",
    description: "",
    type: "boolean",
    purpose: "release",
    variations: firstVariations("boolean"),
    on: 0,
    off: 1,
    clientSide: false,
    tags: [],
  };
}

export function withName(flag: NewFlag, name: string): NewFlag {
  return { ...flag, name, key: flag.keyTyped ? flag.key : suggestKey(name) };
}

export function withType(flag: NewFlag, type: FlagType): NewFlag {
  return { ...flag, type, variations: firstVariations(type), on: 0, off: 1 };
}

/**
 * withVariations keeps what is served, on and off, when variations get new names. It chooses another only if one is
 * gone.
 */
export function withVariations(flag: NewFlag, variations: VariationDraft[]): NewFlag {
  const follow = (at: number, instead: number) => {
    const kept = variations.indexOf(flag.variations[at] as VariationDraft);
    return variations.length >= flag.variations.length ? at : kept >= 0 ? kept : instead;
  };
  return { ...flag, variations, on: follow(flag.on, 0), off: follow(flag.off, variations.length - 1) };
}

/** newFlagBody makes the request of the form, or tells by pointer what is wrong with it. */
export function newFlagBody(flag: NewFlag): { body: FlagCreate; errors: FieldError[] } {
  const { variations, errors } = readVariations(flag.type, flag.variations);
  if (!isKey(flag.key)) {
    errors.push({
      pointer: "/key",
      detail: "Letters, digits, dot, underscore and hyphen, up to 128; begins with a letter or digit.",
    });
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
  const keyOf = (at: number) => flag.variations[at]?.key ?? "";
  return { body: { ...body, fallthroughVariation: keyOf(flag.on), offVariation: keyOf(flag.off) }, errors };
}
