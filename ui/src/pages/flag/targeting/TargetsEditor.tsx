import { Stack } from "@mantine/core";
import { errorsUnder, errorWithin } from "../../../api/problem";
import type { FieldError, Target } from "../../../api/types";
import { ListField } from "../../../components/ListField";
import { keysOf, withKeys } from "../../../domain/targets";

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
          <ListField
            key={variation}
            label={`Always ${variation}`}
            placeholder="targeting keys, Enter after each"
            division="keys"
            many="keys"
            disabled={disabled}
            values={keysOf(targets, variation)}
            error={index < 0 ? undefined : errorWithin(errorsUnder(errors, `/${index}`), "")}
            onChange={(values) => onChange(withKeys(targets, variation, values))}
          />
        );
      })}
    </Stack>
  );
}
