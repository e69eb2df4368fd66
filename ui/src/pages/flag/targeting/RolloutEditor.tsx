import { ActionIcon, Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { Rollout, WeightedVariation } from "../../../api/types";
import { NumberField } from "../../../components/NumberField";
import { SharesBar } from "../../../components/SharesBar";
import { variationColor } from "../../../components/variationColor";
import {
  fillWeight,
  formatPercent,
  fromPercent,
  missingWeight,
  percentLimits,
  setWeight,
  toPercent,
} from "../../../domain/weights";
import classes from "./ServeEditor.module.css";

interface Props {
  label: string;
  rollout: Rollout;
  variations: readonly string[];
  error: string | undefined;
  disabled: boolean;
  onChange: (rollout: Rollout) => void;
}

/** RolloutEditor edits percentages to a thousandth; they have to sum to 100. */
export function RolloutEditor({ label, rollout, variations, error, disabled, onChange }: Props) {
  const { weights } = rollout;
  const missing = missingWeight(weights);
  const put = (changed: WeightedVariation[]) => onChange({ ...rollout, weights: changed });
  const absent = variations.filter((key) => !weights.some(({ variation }) => variation === key));
  return (
    <Stack gap={8}>
      <SharesBar weights={weights} variations={variations} height={8} />
      <div className={classes.weights}>
        {weights.map((entry, index) => (
          <WeightField
            key={index}
            label={label}
            entry={entry}
            color={variationColor(entry.variation, variations)}
            disabled={disabled}
            onChange={(weight) => put(setWeight(weights, index, weight))}
            onRemove={weights.length > 2 ? () => put(weights.filter((_, at) => at !== index)) : undefined}
          />
        ))}
      </div>
      {missing !== 0 && !Number.isNaN(missing) && (
        <Group gap="xs" role="alert">
          <Text size="xs" c="var(--mantine-color-error)">
            {missing > 0 ? `${formatPercent(missing)} is missing to 100%.` : `${formatPercent(-missing)} too much.`}
          </Text>
          <Button variant="default" size="compact-xs" onClick={() => put(fillWeight(weights, weights.length - 1))}>
            {missing > 0 ? "Give it to" : "Take it from"} {weights.at(-1)?.variation}
          </Button>
        </Group>
      )}
      {error && (
        <Text size="xs" c="var(--mantine-color-error)">
          {error}
        </Text>
      )}
      <Group gap="xs" align="flex-end">
        {absent.length > 0 && !disabled && (
          <Select
            aria-label={`${label}: add a variation`}
            placeholder="+ variation"
            w={130}
            data={absent}
            value={null}
            onChange={(variation) => variation && put([...weights, { variation, weight: Math.max(0, missing || 0) }])}
          />
        )}
        <Bucketing label={label} rollout={rollout} disabled={disabled} onChange={onChange} />
      </Group>
    </Stack>
  );
}

interface WeightProps {
  label: string;
  entry: WeightedVariation;
  color: string;
  disabled: boolean;
  onChange: (weight: number) => void;
  onRemove: (() => void) | undefined;
}

function WeightField({ label, entry, color, disabled, onChange, onRemove }: WeightProps) {
  return (
    <div className={classes.weight}>
      <span className={classes.dot} style={{ background: color }} />
      <span className={classes.variation}>{entry.variation}</span>
      <NumberField
        {...percentLimits}
        aria-label={`${label}: percentage of ${entry.variation}`}
        w={96}
        suffix="%"
        disabled={disabled}
        value={toPercent(entry.weight)}
        onChange={(percent) => onChange(fromPercent(percent ?? Number.NaN))}
      />
      {onRemove && !disabled && (
        <ActionIcon size="sm" aria-label={`${label}: remove ${entry.variation}`} onClick={onRemove}>
          <IconX size={14} />
        </ActionIcon>
      )}
    </div>
  );
}

type BucketingProps = Pick<Props, "label" | "rollout" | "disabled" | "onChange">;

/** Bucketing is what is hashed. Hardly anybody changes it, so it opens on demand. */
function Bucketing({ label, rollout, disabled, onChange }: BucketingProps) {
  const { bucketBy, seed, ...rest } = rollout;
  const [opened, setOpened] = useState(Boolean(bucketBy && bucketBy !== "targetingKey") || Boolean(seed));
  if (!opened) {
    return (
      <Button variant="subtle" color="gray" c="dimmed" size="compact-xs" onClick={() => setOpened(true)}>
        bucketed by targetingKey
      </Button>
    );
  }
  const put = (part: { bucketBy?: string; seed?: string }) => {
    const next = { bucketBy: bucketBy ?? "", seed: seed ?? "", ...part };
    onChange({
      ...rest,
      ...(next.bucketBy ? { bucketBy: next.bucketBy } : {}),
      ...(next.seed ? { seed: next.seed } : {}),
    });
  };
  return (
    <>
      <TextInput
        label="Bucket by"
        aria-label={`${label}: attribute to bucket by`}
        placeholder="targetingKey"
        w={150}
        disabled={disabled}
        value={bucketBy ?? ""}
        onChange={(event) => put({ bucketBy: event.currentTarget.value })}
      />
      <TextInput
        label="Seed"
        aria-label={`${label}: seed`}
        placeholder="the flag's key"
        w={150}
        disabled={disabled}
        value={seed ?? ""}
        onChange={(event) => put({ seed: event.currentTarget.value })}
      />
    </>
  );
}
