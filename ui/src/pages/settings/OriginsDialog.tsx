import { Button, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { errorsElsewhere, errorWithin, problemOf } from "../../api/problem";
import { useUpdateEnvironment } from "../../api/projects";
import type { Environment } from "../../api/types";
import { Dialog } from "../../components/Dialog";
import { DialogActions } from "../../components/DialogActions";
import { ListField } from "../../components/ListField";
import { ProblemAlert } from "../../components/ProblemAlert";

interface Props {
  project: string;
  environment: Environment;
  onClose: () => void;
}

/** OriginsDialog says whose pages may evaluate the flags of an environment. */
export function OriginsDialog({ project, environment, onClose }: Props) {
  const [origins, setOrigins] = useState(environment.allowedOrigins);
  // What others save meanwhile must not be overwritten unseen.
  const [version] = useState(environment.version);
  const update = useUpdateEnvironment(project);
  const errors = update.error ? (problemOf(update.error).errors ?? []) : [];
  const elsewhere = errorsElsewhere(errors, ["/allowedOrigins"]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    update.mutate({ environment: environment.key, version, body: { allowedOrigins: origins } }, { onSuccess: onClose });
  };
  return (
    <Dialog title={`Origins of pages: ${environment.name}`} onClose={onClose}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm">
            Web pages of these origins may evaluate flags here with a client SDK key. Without any, pages of every origin
            may. Servers and mobile apps send no origin and always may.
          </Text>
          <ListField
            label="Origins"
            placeholder="https://shop.example.com"
            division="keys"
            values={origins}
            onChange={setOrigins}
            error={errorWithin(errors, "/allowedOrigins")}
          />
          {update.error && (errors.length === 0 || elsewhere.length > 0) && (
            <ProblemAlert error={update.error} errors={elsewhere} />
          )}
          <DialogActions onCancel={onClose}>
            <Button type="submit" loading={update.isPending}>
              Save
            </Button>
          </DialogActions>
        </Stack>
      </form>
    </Dialog>
  );
}
