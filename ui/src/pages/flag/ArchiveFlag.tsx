import { Button, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useArchiveFlag } from "../../api/flags";
import type { Flag } from "../../api/types";
import { Dialog } from "../../components/Dialog";
import { DialogActions } from "../../components/DialogActions";
import { ProblemAlert } from "../../components/ProblemAlert";

interface Props {
  project: string;
  flag: Flag;
  onClose: () => void;
}

/** ArchiveFlag asks before a flag is archived: nothing brings it back. */
export function ArchiveFlag({ project, flag, onClose }: Props) {
  const [reason, setReason] = useState("");
  const archive = useArchiveFlag(project, flag.key);
  const on = Object.entries(flag.environments).filter(([, { enabled }]) => enabled);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    archive.mutate({ version: flag.version, reason }, { onSuccess: onClose });
  };
  return (
    <Dialog onClose={onClose} title={`Archive ${flag.key}?`}>
      <Stack component="form" onSubmit={submit} gap="sm">
        <Text size="sm">
          Applications that still ask for it get their code default. The key can never be used again.
        </Text>
        {on.length > 0 && (
          <Text size="sm" fw={600}>
            It is still on in {on.map(([environment]) => environment).join(", ")}.
          </Text>
        )}
        <TextInput
          label="Reason"
          description="Kept with the change"
          maxLength={300}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <ProblemAlert error={archive.error} />
        <DialogActions onCancel={onClose}>
          <Button type="submit" color="red" loading={archive.isPending}>
            Archive
          </Button>
        </DialogActions>
      </Stack>
    </Dialog>
  );
}
