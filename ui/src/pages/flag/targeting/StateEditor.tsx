import { Group, Select, Switch } from "@mantine/core";
import { errorAt } from "../../../api/problem";
import type { FieldError, Flag } from "../../../api/types";
import { Panel } from "../../../components/Panel";
import type { ConfigDraft } from "../../../domain/configDraft";

interface Props {
  flag: Flag;
  draft: ConfigDraft;
  errors: readonly FieldError[];
  disabled: boolean;
  onChange: (part: Partial<ConfigDraft>) => void;
}

const codeDefault = " code default";

export function StateEditor({ flag, draft, errors, disabled, onChange }: Props) {
  const variations = flag.variations.map(({ key }) => ({ value: key, label: key }));
  return (
    <Panel
      title="State"
      actions={
        <Group gap="md">
          <Group gap={6}>
            <label htmlFor="off-variation">When off, serve</label>
            <Select
              id="off-variation"
              w={140}
              allowDeselect={false}
              disabled={disabled}
              data={[...variations, { value: codeDefault, label: "code default" }]}
              value={draft.offVariation ?? codeDefault}
              error={errorAt(errors, "/offVariation")}
              onChange={(choice) => onChange({ offVariation: choice === codeDefault ? null : choice })}
            />
          </Group>
          <Switch
            size="md"
            label={draft.enabled ? "On" : "Off"}
            aria-label="Flag is on"
            disabled={disabled}
            checked={draft.enabled}
            onChange={(event) => onChange({ enabled: event.currentTarget.checked })}
          />
        </Group>
      }
    />
  );
}
