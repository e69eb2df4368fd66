import { Group, Select, Switch, Text } from "@mantine/core";
import { errorAt } from "../../../api/problem";
import type { FieldError, Flag, Serving } from "../../../api/types";
import { Panel } from "../../../components/Panel";
import type { ConfigDraft } from "../../../domain/configDraft";

interface Props {
  flag: Flag;
  draft: ConfigDraft;
  /** What is served now, whatever the draft says. */
  serving: Serving;
  errors: readonly FieldError[];
  disabled: boolean;
  onChange: (part: Partial<ConfigDraft>) => void;
}

const codeDefault = " code default";

export function StateEditor({ flag, draft, serving, errors, disabled, onChange }: Props) {
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
            label={switchText(draft.enabled, serving)}
            {...(serving.state === "on" || serving.state === "off" ? {} : { color: "gray" })}
            aria-label="Flag is on"
            disabled={disabled}
            checked={draft.enabled}
            onChange={(event) => onChange({ enabled: event.currentTarget.checked })}
          />
        </Group>
      }
    >
      <Text size="sm" data-testid="serving">
        Now: {serving.sentence}
      </Text>
    </Panel>
  );
}

/** switchText says what the switch is set to, and what closes the flag in spite of it. */
function switchText(enabled: boolean, { state }: Serving): string {
  const word = enabled ? "On" : "Off";
  return enabled && (state === "killed" || state === "closed") ? `${word}, but ${state}` : word;
}
