import { Button, Checkbox, Group, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useUpdateFlag } from "../../api/flags";
import { errorAt, problemOf } from "../../api/problem";
import type { Flag, FlagPatch, Purpose } from "../../api/types";
import { Dialog } from "../../components/Dialog";
import { DialogActions } from "../../components/DialogActions";
import { ListField } from "../../components/ListField";
import { ProblemAlert } from "../../components/ProblemAlert";
import { purposeHints, purposes } from "../../components/PurposeBadge";
import { mergePatch } from "../../domain/mergePatch";

interface Props {
  project: string;
  flag: Flag;
  onClose: () => void;
}

type Details = Pick<Flag, "name" | "description" | "purpose" | "tags" | "owner" | "clientSide">;

function detailsOf({ name, description, purpose, tags, owner, clientSide }: Flag): Details {
  return { name, description, purpose, tags, owner, clientSide };
}

export function EditFlag({ project, flag, onClose }: Props) {
  // The flag may change while it is edited: what is sent is the difference to what was opened.
  const [opened] = useState(flag);
  const [details, setDetails] = useState(() => detailsOf(flag));
  const update = useUpdateFlag(project, flag.key);
  const errors = update.error ? (problemOf(update.error).errors ?? []) : [];
  const change = (part: Partial<Details>) => setDetails((before) => ({ ...before, ...part }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = mergePatch(detailsOf(opened), details) as FlagPatch;
    update.mutate({ body, version: opened.version }, { onSuccess: onClose });
  };
  return (
    <Dialog onClose={onClose} title={`Edit ${flag.key}`} size="lg">
      <Stack component="form" onSubmit={submit} gap="sm">
        <TextInput
          label="Name"
          data-autofocus
          value={details.name}
          error={errorAt(errors, "/name")}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <Textarea
          label="Description"
          autosize
          minRows={2}
          value={details.description}
          error={errorAt(errors, "/description")}
          onChange={(event) => change({ description: event.currentTarget.value })}
        />
        <Group grow align="flex-start" gap="sm">
          <Select
            label="Purpose"
            description={purposeHints[details.purpose]}
            data={purposes}
            allowDeselect={false}
            value={details.purpose}
            onChange={(purpose) => change({ purpose: (purpose ?? "release") as Purpose })}
          />
          <TextInput
            label="Owner"
            description="A person or a team"
            value={details.owner}
            error={errorAt(errors, "/owner")}
            onChange={(event) => change({ owner: event.currentTarget.value })}
          />
        </Group>
        <ListField
          label="Tags"
          division="keys"
          values={details.tags}
          error={errorAt(errors, "/tags")}
          onChange={(tags) => change({ tags })}
        />
        <Checkbox
          label="Client side: browsers and apps may evaluate it with a client SDK key"
          checked={details.clientSide}
          onChange={(event) => change({ clientSide: event.currentTarget.checked })}
        />
        <ProblemAlert error={update.error} />
        <DialogActions onCancel={onClose}>
          <Button type="submit" loading={update.isPending}>
            Save
          </Button>
        </DialogActions>
      </Stack>
    </Dialog>
  );
}
