import { Group, NumberInput, TextInput } from "@mantine/core";
import { errorAt } from "../../../api/problem";
import type { FieldError } from "../../../api/types";
import type { ReadinessDraft } from "../../../domain/releaseDraft";

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
      <NumberInput
        label="Instances"
        placeholder="any"
        min={0}
        allowDecimal={false}
        value={draft.minInstances || ""}
        error={errorAt(errors, "/deployment/minInstances")}
        onChange={(value) => onChange({ minInstances: Number(value) || 0 })}
      />
      <NumberInput
        label="Of the fleet"
        placeholder="any"
        min={0}
        max={100}
        allowDecimal={false}
        suffix="%"
        value={draft.minShare || ""}
        error={errorAt(errors, "/deployment/minShare")}
        onChange={(value) => onChange({ minShare: Number(value) || 0 })}
      />
    </Group>
  );
}
