import { ActionIcon, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { errorAt, errorsElsewhere, problemOf } from "../../api/problem";
import { useUpdateEnvironment } from "../../api/projects";
import type { Environment } from "../../api/types";
import { AddButton } from "../../components/AddButton";
import { Dialog } from "../../components/Dialog";
import { DialogActions } from "../../components/DialogActions";
import { ProblemAlert } from "../../components/ProblemAlert";
import { draftOfFreeze, type FreezeDraft, freezeOf } from "../../domain/freeze";

interface Props {
  project: string;
  environment: Environment;
  onClose: () => void;
}

/** FreezesDialog says when no release of an environment starts or takes a step. */
export function FreezesDialog({ project, environment, onClose }: Props) {
  const [freezes, setFreezes] = useState<FreezeDraft[]>(() => (environment.freezes ?? []).map(draftOfFreeze));
  // What others save meanwhile must not be overwritten unseen.
  const [version] = useState(environment.version);
  const update = useUpdateEnvironment(project);
  const errors = update.error ? (problemOf(update.error).errors ?? []) : [];
  const put = (index: number, part: Partial<FreezeDraft>) =>
    setFreezes(freezes.map((old, at) => (at === index ? { ...old, ...part } : old)));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    update.mutate(
      { environment: environment.key, version, body: { freezes: freezes.map(freezeOf) } },
      { onSuccess: onClose },
    );
  };
  return (
    <Dialog title={`Freezes: ${environment.name || environment.key}`} onClose={onClose} size="lg">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm">
            In a freeze no release here starts or takes a step, also by hand. Releases are reverted and flags are killed
            all the same.
          </Text>
          {freezes.map(({ from, to, reason }, index) => (
            <Group key={index} gap="xs" align="flex-start">
              <TextInput
                flex="1 1 200px"
                type="datetime-local"
                label="From"
                required
                value={from}
                error={errorAt(errors, `/freezes/${index}/from`)}
                onChange={(event) => put(index, { from: event.currentTarget.value })}
              />
              <TextInput
                flex="1 1 200px"
                type="datetime-local"
                label="To"
                title="Until it is taken away, unless given"
                value={to}
                error={errorAt(errors, `/freezes/${index}/to`)}
                onChange={(event) => put(index, { to: event.currentTarget.value })}
              />
              <TextInput
                flex="1 1 200px"
                label="Reason"
                required
                value={reason}
                error={errorAt(errors, `/freezes/${index}/reason`)}
                onChange={(event) => put(index, { reason: event.currentTarget.value })}
              />
              <ActionIcon
                mt={24}
                aria-label={`Remove freeze ${index + 1}`}
                onClick={() => setFreezes(freezes.filter((_, at) => at !== index))}
              >
                <IconX size={16} />
              </ActionIcon>
            </Group>
          ))}
          <div>
            <AddButton onClick={() => setFreezes([...freezes, { from: "", to: "", reason: "" }])}>Freeze</AddButton>
          </div>
          {update.error && <ProblemAlert error={update.error} errors={errorsElsewhere(errors, ["/freezes"])} />}
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
