import { Button, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useUpdateEnvironment } from "../../api/projects";
import type { Environment } from "../../api/types";
import { Dialog } from "../../components/Dialog";
import { DialogActions } from "../../components/DialogActions";
import { ProblemAlert } from "../../components/ProblemAlert";

interface Props {
  project: string;
  environment: Environment;
  onClose: () => void;
}

/** ProtectionDialog asks before an environment stops asking before changes. */
export function ProtectionDialog({ project, environment, onClose }: Props) {
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const [version] = useState(environment.version);
  const update = useUpdateEnvironment(project);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    update.mutate(
      { environment: environment.key, version, reason, body: { production: false } },
      { onSuccess: onClose },
    );
  };
  return (
    <Dialog title={`Let ${environment.name || environment.key} change without asking?`} onClose={onClose}>
      <Stack component="form" onSubmit={submit} gap="sm">
        <Text size="sm">
          From then on one click flips a flag there and starts or promotes a release, for everyone who may. This page,
          and no application, is concerned.
        </Text>
        <TextInput
          label={`Type ${environment.key} to confirm`}
          classNames={{ input: "mono" }}
          value={typed}
          autoComplete="off"
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <TextInput
          label="Reason"
          description="Kept with the change"
          maxLength={300}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <ProblemAlert error={update.error} />
        <DialogActions onCancel={onClose}>
          <Button type="submit" color="red" disabled={typed !== environment.key} loading={update.isPending}>
            Stop asking
          </Button>
        </DialogActions>
      </Stack>
    </Dialog>
  );
}
