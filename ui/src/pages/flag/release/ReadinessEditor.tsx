import { Group, TextInput } from "@mantine/core";
import { errorAt } from "../../../api/problem";
import type { FieldError } from "../../../api/types";
import { NumberField } from "../../../components/NumberField";
import { orEmpty, type ReadinessDraft } from "../../../domain/releaseDraft";

interface Props {
  draft: ReadinessDraft;
  errors: readonly FieldError[];
  onChange: (part: Partial<ReadinessDraft>) => void;
}

/** ReadinessEditor says what a deployment that has succeeded still has to show before the release trusts it. */
export function ReadinessEditor({ draft, errors, onChange }: Props) {
  return (
    <Group grow gap="xs" align="flex-start">
      <TextInput
        label="Healthy for"
        placeholder="0s"
        value={draft.healthyFor}
        error={errorAt(errors, "/deployment/healthyFor")}
        onChange={(event) => onChange({ healthyFor: event.currentTarget.value })}
      />
      <NumberField
        label="Instances"
        placeholder="any"
        min={1}
        max={1_000_000}
        decimals={0}
        value={orEmpty(draft.minInstances)}
        error={errorAt(errors, "/deployment/minInstances")}
        onChange={(minInstances = 0) => onChange({ minInstances })}
      />
      <NumberField
        label="Of the fleet"
        placeholder="any"
        min={1}
        max={100}
        decimals={0}
        suffix="%"
        value={orEmpty(draft.minShare)}
        error={errorAt(errors, "/deployment/minShare")}
        onChange={(minShare = 0) => onChange({ minShare })}
      />
    </Group>
  );
}
