import { Button, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { errorAt, errorsElsewhere, problemOf } from "../../api/problem";
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

/** RenameDialog changes the name of an environment. Its key stays, since applications are set up with it. */
export function RenameDialog({ project, environment, onClose }: Props) {
  const [name, setName] = useState(environment.name);
  const [version] = useState(environment.version);
  const update = useUpdateEnvironment(project);
  const errors = update.error ? (problemOf(update.error).errors ?? []) : [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    update.mutate({ environment: environment.key, version, body: { name } }, { onSuccess: onClose });
  };
  return (
    <Dialog title={`Rename ${environment.name || environment.key}`} onClose={onClose}>
      <Stack component="form" onSubmit={submit} gap="sm">
        <TextInput
          label="Name of the environment"
          data-autofocus
          required
          value={name}
          error={errorAt(errors, "/name")}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Text size="sm" c="dimmed">
          The key stays {environment.key}: applications, tokens and scripts know it.
        </Text>
        {update.error && <ProblemAlert error={update.error} errors={errorsElsewhere(errors, ["/name"])} />}
        <DialogActions onCancel={onClose}>
          <Button type="submit" loading={update.isPending}>
            Rename
          </Button>
        </DialogActions>
      </Stack>
    </Dialog>
  );
}
