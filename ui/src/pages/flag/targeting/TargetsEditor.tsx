import { Stack, TagsInput } from "@mantine/core";
import { errorsUnder, errorWithin } from "../../../api/problem";
import type { FieldError, Target } from "../../../api/types";

interface Props {
  targets: readonly Target[];
  variations: readonly string[];
  errors: readonly FieldError[];
  disabled: boolean;
  onChange: (targets: Target[]) => void;
}

/** TargetsEditor lists, for each variation, the targeting keys that always get it. */
export function TargetsEditor({ targets, variations, errors, disabled, onChange }: Props) {
  return (
    <Stack gap="xs">
      {variations.map((variation) => {
        const index = targets.findIndex((target) => target.variation === variation);
        return (
          <TagsInput
            key={variation}
            label={`Always ${variation}`}
            placeholder={index < 0 ? "targeting keys, Enter after each" : ""}
            splitChars={[",", " "]}
            maxDropdownHeight={0}
            disabled={disabled}
            value={keysOf(targets, variation)}
            error={index < 0 ? undefined : errorWithin(errorsUnder(errors, `/${index}`), "")}
            onChange={(values) => onChange(withKeys(targets, variation, values))}
          />
        );
      })}
    </Stack>
  );
}

function keysOf(targets: readonly Target[], variation: string): string[] {
  return targets.filter((target) => target.variation === variation).flatMap(({ values }) => values);
}

/** withKeys replaces a variation's keys, in place; a target without keys goes. */
export function withKeys(targets: readonly Target[], variation: string, values: string[]): Target[] {
  const at = targets.findIndex((target) => target.variation === variation);
  const others = targets.filter((target) => target.variation !== variation);
  if (values.length === 0) {
    return others;
  }
  others.splice(at < 0 ? others.length : at, 0, { variation, values });
  return others;
}
