import { Button, Select, Stack, Text } from "@mantine/core";
import { errorAt, errorsUnder, errorWithin } from "../../../api/problem";
import type { FieldError, Serve } from "../../../api/types";
import { asRollout, openingOf, openTo } from "../../../domain/serve";
import { formatPercent } from "../../../domain/weights";
import { RolloutEditor } from "./RolloutEditor";
import classes from "./ServeEditor.module.css";

interface Props {
  /** Names the controls for screen readers: "Rule 1". */
  label: string;
  serve: Serve;
  variations: readonly string[];
  off: string | null;
  errors: readonly FieldError[];
  disabled: boolean;
  onChange: (serve: Serve) => void;
}

const byPercentage = " percentages";
const quickWeights = [1_000, 5_000, 25_000, 50_000, 100_000];

/** ServeEditor chooses one variation or percentages. The usual percentages are one click away. */
export function ServeEditor({ label, serve, variations, off, errors, disabled, onChange }: Props) {
  const opening = openingOf(serve, variations, off);
  const choose = (choice: string | null) =>
    onChange(choice === byPercentage ? asRollout(serve, variations) : { variation: choice ?? "" });
  return (
    <Stack gap={8}>
      <div className={classes.line}>
        <Select
          aria-label={`${label} serves`}
          w={150}
          allowDeselect={false}
          disabled={disabled}
          data={[
            ...variations.map((key) => ({ value: key, label: key })),
            { value: byPercentage, label: "Percentages…" },
          ]}
          value={serve.rollout ? byPercentage : (serve.variation ?? null)}
          error={errorAt(errors, "/variation")}
          onChange={choose}
        />
        {opening && !disabled && (
          <div className={classes.quick} role="group" aria-label={`${label}: share of ${opening.opened}`}>
            {quickWeights.map((weight) => (
              <Button
                key={weight}
                variant="default"
                size="compact-xs"
                title={`${opening.opened} to ${formatPercent(weight)}`}
                onClick={() => onChange(openTo(opening, weight, serve))}
              >
                {formatPercent(weight)}
              </Button>
            ))}
          </div>
        )}
      </div>
      {serve.rollout && (
        <RolloutEditor
          label={label}
          rollout={serve.rollout}
          variations={variations}
          error={errorWithin(errors, "/rollout")}
          disabled={disabled}
          onChange={(rollout) => onChange({ rollout })}
        />
      )}
      {errorsUnder(errors, "").some(({ pointer }) => pointer === "") && (
        <Text size="xs" c="var(--mantine-color-error)">
          {errorAt(errors, "")}
        </Text>
      )}
    </Stack>
  );
}
