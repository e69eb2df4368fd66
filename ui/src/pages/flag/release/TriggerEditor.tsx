import { Autocomplete, Group, Input, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { errorAt } from "../../../api/problem";
import type { FieldError } from "../../../api/types";
import type { ReleaseDraft, TriggerKind } from "../../../domain/release";

interface Props {
  draft: ReleaseDraft;
  services: readonly string[];
  errors: readonly FieldError[];
  onChange: (part: Partial<ReleaseDraft>) => void;
}

const kinds = [
  { value: "deployment", label: "Deployment" },
  { value: "manual", label: "By hand" },
  { value: "at", label: "At a time" },
];

/** TriggerEditor says what starts a release. */
export function TriggerEditor({ draft, services, errors, onChange }: Props) {
  return (
    <Stack gap={6}>
      <Input.Wrapper label="Starts with" labelElement="div" error={errorAt(errors, "")}>
        <SegmentedControl
          fullWidth
          aria-label="Starts with"
          data={kinds}
          value={draft.trigger}
          onChange={(trigger) => onChange({ trigger: trigger as TriggerKind })}
        />
      </Input.Wrapper>
      {draft.trigger === "deployment" && (
        <Group grow gap="xs" align="flex-start">
          <Autocomplete
            label="Service"
            placeholder="checkout"
            data={[...services]}
            value={draft.service}
            error={errorAt(errors, "/deployment/service")}
            onChange={(service) => onChange({ service })}
          />
          <TextInput
            label="Version"
            placeholder=">=2.3.0"
            value={draft.version}
            error={errorAt(errors, "/deployment/version")}
            onChange={(event) => onChange({ version: event.currentTarget.value })}
          />
        </Group>
      )}
      {draft.trigger === "at" && (
        <TextInput
          type="datetime-local"
          label="Local time"
          value={draft.at}
          error={errorAt(errors, "/at")}
          onChange={(event) => onChange({ at: event.currentTarget.value })}
        />
      )}
    </Stack>
  );
}
