import { Autocomplete, Chip, Group, Input, Select, Stack, TextInput } from "@mantine/core";
import { errorAt } from "../../../api/problem";
import type { Environment, FieldError } from "../../../api/types";
import { type ReleaseDraft, type TriggerKind, toggleTriggers } from "../../../domain/releaseDraft";
import { ReadinessEditor } from "./ReadinessEditor";

interface Props {
  draft: ReleaseDraft;
  services: readonly string[];
  /** The environments whose release may come first. */
  upstream: readonly Environment[];
  errors: readonly FieldError[];
  onChange: (part: Partial<ReleaseDraft>) => void;
}

const kinds: { value: TriggerKind; label: string }[] = [
  { value: "deployment", label: "Deployment" },
  { value: "release", label: "Another environment" },
  { value: "at", label: "At a time" },
  { value: "manual", label: "By hand" },
];

/** TriggerEditor says what starts a release: all that is chosen has to be met at the same time. */
export function TriggerEditor({ draft, services, upstream, errors, onChange }: Props) {
  const { triggers } = draft;
  return (
    <Stack gap={6}>
      <Input.Wrapper label="Starts with" labelElement="div" error={errorAt(errors, "")}>
        <Chip.Group
          multiple
          value={triggers}
          onChange={(chosen) => onChange({ triggers: toggleTriggers(chosen as TriggerKind[], triggers) })}
        >
          <Group gap={6} role="group" aria-label="Starts with">
            {kinds.map(({ value, label }) => (
              <Chip key={value} value={value} size="xs">
                {label}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </Input.Wrapper>
      {triggers.includes("deployment") && (
        <>
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
          <ReadinessEditor draft={draft} errors={errors} onChange={onChange} />
        </>
      )}
      {triggers.includes("release") && (
        <Group grow gap="xs" align="flex-start">
          <Select
            label="Once it is completed in"
            data={upstream.map(({ key, name }) => ({ value: key, label: name || key }))}
            value={draft.upstream || null}
            error={errorAt(errors, "/release/environment")}
            onChange={(environment) => onChange({ upstream: environment ?? "" })}
          />
          <TextInput
            label="Of the flag"
            placeholder="this flag"
            value={draft.upstreamFlag}
            error={errorAt(errors, "/release/flag")}
            onChange={(event) => onChange({ upstreamFlag: event.currentTarget.value })}
          />
        </Group>
      )}
      {triggers.includes("at") && (
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
