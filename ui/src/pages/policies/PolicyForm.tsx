import { Button, Fieldset, Group, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorAt, errorsElsewhere, errorsUnder, problemOf } from "../../api/problem";
import { useDeleteReleasePolicy, useSaveReleasePolicy } from "../../api/releasePolicies";
import { segmentsQuery } from "../../api/segments";
import { usePermission } from "../../api/session";
import type { FieldError } from "../../api/types";
import { ProblemAlert } from "../../components/ProblemAlert";
import { RevokeButton } from "../../components/RevokeButton";
import { suggestKey } from "../../domain/flagKey";
import { type PolicyDraft, policyOf } from "../../domain/policyDraft";
import { GuardsEditor } from "../flag/release/GuardsEditor";
import { ReadinessEditor } from "../flag/release/ReadinessEditor";
import { RollbackSelect } from "../flag/release/RollbackSelect";
import { StepsEditor } from "../flag/release/StepsEditor";
import { WindowsEditor } from "../flag/release/WindowsEditor";

interface Props {
  project: string;
  initial: PolicyDraft;
  /** The version that is edited, undefined for a new policy. What others save meanwhile is not overwritten unseen. */
  version: number | undefined;
  onClose: () => void;
}

/** The fields whose errors stand beside them. */
const shownFields = ["/key", "/name", "/description", "/steps", "/windows", "/guards", "/deployment"];

export function PolicyForm({ project, initial, version, onClose }: Props) {
  const [draft, setDraft] = useState(initial);
  const [ownErrors, setOwnErrors] = useState<FieldError[]>([]);
  const save = useSaveReleasePolicy(project);
  const disabled = !usePermission("releaser", project);
  const errors = [...ownErrors, ...(save.error ? (problemOf(save.error).errors ?? []) : [])];
  const change = (part: Partial<PolicyDraft>) => setDraft((before) => ({ ...before, ...part }));
  const key = draft.key || suggestKey(draft.name);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { policy, errors: found } = policyOf({ ...draft, key });
    setOwnErrors(found);
    if (found.length === 0) {
      save.mutate({ policy: key, body: policy, version }, { onSuccess: onClose });
    }
  };
  return (
    <form onSubmit={submit} aria-label="Release policy">
      <Stack gap="sm">
        <Names draft={draft} policyKey={key} existing={version !== undefined} errors={errors} onChange={change} />
        <Fieldset legend="Asked of the deployment that a release waits for" p="xs">
          <ReadinessEditor draft={draft} errors={errors} onChange={change} />
        </Fieldset>
        <Editors project={project} draft={draft} errors={errors} onChange={change} />
        {save.error && <ProblemAlert error={save.error} errors={errorsElsewhere(errors, shownFields)} />}
        <Text size="xs" c="dimmed">
          Releases that were prepared with a policy keep what they have when it changes.
        </Text>
        <Group justify="space-between" gap="xs">
          {version === undefined ? (
            <span />
          ) : (
            <DeletePolicy project={project} policy={key} version={version} disabled={disabled} onDeleted={onClose} />
          )}
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={disabled} loading={save.isPending}>
              {version === undefined ? "Create policy" : "Save policy"}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

interface PartProps {
  draft: PolicyDraft;
  errors: readonly FieldError[];
  onChange: (part: Partial<PolicyDraft>) => void;
}

function Names({ draft, policyKey, existing, errors, onChange }: PartProps & { policyKey: string; existing: boolean }) {
  return (
    <>
      <Group grow align="flex-start" gap="sm">
        <TextInput
          label="Name"
          value={draft.name}
          error={errorAt(errors, "/name")}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
        <TextInput
          label="Key"
          classNames={{ input: "mono" }}
          required
          disabled={existing}
          value={policyKey}
          error={errorAt(errors, "/key")}
          onChange={(event) => onChange({ key: event.currentTarget.value })}
        />
      </Group>
      <TextInput
        label="Description"
        value={draft.description}
        error={errorAt(errors, "/description")}
        onChange={(event) => onChange({ description: event.currentTarget.value })}
      />
    </>
  );
}

function Editors({ project, draft, errors, onChange }: PartProps & { project: string }) {
  const { data: segments = [] } = useQuery(segmentsQuery(project));
  return (
    <>
      <StepsEditor
        steps={draft.steps}
        segments={segments.map(({ key }) => key)}
        errors={errorsUnder(errors, "/steps")}
        onChange={(steps) => onChange({ steps })}
      />
      <WindowsEditor
        windows={draft.windows}
        errors={errorsUnder(errors, "/windows")}
        onChange={(windows) => onChange({ windows })}
      />
      <GuardsEditor
        guards={draft.guards}
        errors={errorsUnder(errors, "/guards")}
        onChange={(guards) => onChange({ guards })}
      />
      <RollbackSelect value={draft.onRollback} onChange={(onRollback) => onChange({ onRollback })} />
    </>
  );
}

interface DeleteProps {
  project: string;
  policy: string;
  version: number;
  disabled: boolean;
  onDeleted: () => void;
}

function DeletePolicy({ project, policy, version, disabled, onDeleted }: DeleteProps) {
  const remove = useDeleteReleasePolicy(project);
  return (
    <Stack gap="xs">
      <ProblemAlert error={remove.error} />
      <RevokeButton
        verb="Delete"
        name={policy}
        effect="Nobody can choose it any more. Releases that were prepared with it go on."
        disabled={disabled || remove.isPending}
        onRevoke={() => remove.mutate({ policy, version }, { onSuccess: onDeleted })}
      />
    </Stack>
  );
}
