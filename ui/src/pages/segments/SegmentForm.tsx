import { Alert, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { errorAt, errorsElsewhere, errorsUnder, errorWithin, problemOf } from "../../api/problem";
import { useArchiveSegment, useSaveSegment } from "../../api/segments";
import { usePermission } from "../../api/session";
import type { Segment } from "../../api/types";
import { DifferenceList } from "../../components/DifferenceList";
import { ListField } from "../../components/ListField";
import { ProblemAlert } from "../../components/ProblemAlert";
import { suggestKey } from "../../domain/flagKey";
import { SegmentRules } from "./SegmentRules";
import { type SegmentDraft, segmentBody, segmentDifferences } from "./segmentDraft";

interface Props {
  project: string;
  initial: SegmentDraft;
  /** What is edited, undefined for a new segment. */
  current: Segment | undefined;
  onClose: () => void;
}

const shownPointers = ["/key", "/name", "/description", "/included", "/excluded", "/rules"];

export function SegmentForm({ project, initial, current, onClose }: Props) {
  const [draft, setDraft] = useState(initial);
  // What others save meanwhile must not be overwritten unseen.
  const [version] = useState(current?.version);
  const [before] = useState(initial);
  const [reason, setReason] = useState("");
  const [asking, setAsking] = useState<"save" | "archive">();
  const save = useSaveSegment(project);
  const archive = useArchiveSegment(project);
  const disabled = !usePermission("editor", project);
  const errors = save.error ? (problemOf(save.error).errors ?? []) : [];
  const change = (part: Partial<SegmentDraft>) => {
    setAsking(undefined);
    setDraft((before) => ({ ...before, ...part }));
  };
  const key = draft.key || suggestKey(draft.name);

  const differences = current ? segmentDifferences(before, { ...draft, key }) : [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (current && asking !== "save") {
      setAsking("save");
      return;
    }
    save.mutate({ segment: key, body: segmentBody({ ...draft, key }), version, reason }, { onSuccess: onClose });
  };
  return (
    <Stack component="form" onSubmit={submit} gap="sm">
      <Group grow align="flex-start" gap="sm">
        <TextInput
          label="Name"
          disabled={disabled}
          value={draft.name}
          error={errorAt(errors, "/name")}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <TextInput
          label="Key"
          classNames={{ input: "mono" }}
          required
          disabled={disabled || current !== undefined}
          value={key}
          error={errorAt(errors, "/key")}
          onChange={(event) => change({ key: event.currentTarget.value })}
        />
      </Group>
      <TextInput
        label="Description"
        disabled={disabled}
        value={draft.description}
        error={errorAt(errors, "/description")}
        onChange={(event) => change({ description: event.currentTarget.value })}
      />
      <KeyLists draft={draft} errors={errors} disabled={disabled} onChange={change} />
      <SegmentRules
        rules={draft.rules}
        errors={errorsUnder(errors, "/rules")}
        disabled={disabled}
        onChange={(rules) => change({ rules })}
      />
      {current && <UsedBy flags={current.usedBy ?? []} />}
      <TextInput
        label="Reason"
        description="Kept with the change"
        maxLength={300}
        disabled={disabled}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {save.error && <ProblemAlert error={save.error} errors={errorsElsewhere(errors, shownPointers)} />}
      <ProblemAlert error={archive.error} />
      {asking === "save" && (
        <Alert color="orange" variant="outline" title="This changes all environments at once, production too">
          <DifferenceList differences={differences} />
        </Alert>
      )}
      {asking === "archive" && (
        <Alert color="red" variant="outline" title={`Archive ${key} in all environments?`}>
          <Group justify="space-between" gap="xs">
            <Text size="sm">Nothing brings it back, and its key is never used again.</Text>
            <Button
              color="red"
              loading={archive.isPending}
              onClick={() => archive.mutate({ segment: key, version, reason }, { onSuccess: onClose })}
            >
              Archive now
            </Button>
          </Group>
        </Alert>
      )}
      <Group justify="space-between" gap="xs">
        {current ? (
          <Button
            variant="default"
            disabled={disabled || (current.usedBy ?? []).length > 0}
            onClick={() => setAsking("archive")}
          >
            Archive
          </Button>
        ) : (
          <span />
        )}
        <Group gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            disabled={disabled || (current !== undefined && differences.length === 0)}
            loading={save.isPending}
          >
            {!current ? "Create segment" : asking === "save" ? "Save in all environments" : "Review changes"}
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}

interface KeyListsProps {
  draft: SegmentDraft;
  errors: Parameters<typeof errorWithin>[0];
  disabled: boolean;
  onChange: (part: Partial<SegmentDraft>) => void;
}

function KeyLists({ draft, errors, disabled, onChange }: KeyListsProps) {
  return (
    <>
      <ListField
        label="Always in"
        description="Targeting keys"
        division="keys"
        many="keys"
        disabled={disabled}
        values={draft.included}
        error={errorWithin(errors, "/included")}
        onChange={(included) => onChange({ included })}
      />
      <ListField
        label="Never in"
        description="Targeting keys; this goes before everything else"
        division="keys"
        many="keys"
        disabled={disabled}
        values={draft.excluded}
        error={errorWithin(errors, "/excluded")}
        onChange={(excluded) => onChange({ excluded })}
      />
    </>
  );
}

function UsedBy({ flags }: { flags: readonly string[] }) {
  return (
    <Text size="sm" c="dimmed">
      {flags.length > 0 ? `Used by ${flags.join(", ")}.` : "No flag and no segment uses it."}
    </Text>
  );
}
