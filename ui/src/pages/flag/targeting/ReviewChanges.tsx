import { Alert, Button, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { hasStatus } from "../../../api/problem";
import type { Environment, Release } from "../../../api/types";
import { Dialog } from "../../../components/Dialog";
import { DialogActions } from "../../../components/DialogActions";
import { DifferenceList } from "../../../components/DifferenceList";
import { ProblemAlert } from "../../../components/ProblemAlert";
import { draftOf } from "../../../domain/configDraft";
import { turnOnEffect } from "../../../domain/serve";
import { Meanwhile } from "./Meanwhile";
import { obstacleOf } from "./obstacle";
import type { ConfigEdit } from "./useConfigEdit";

interface Props {
  flag: string;
  environment: Environment;
  edit: ConfigEdit;
  release: Release | null | undefined;
  saving: boolean;
  error: unknown;
  onSave: (reason: string) => void;
  onClose: () => void;
}

/** ReviewChanges shows what an edit does before it is saved. */
export function ReviewChanges({ flag, environment, edit, release, saving, error, onSave, onClose }: Props) {
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave(reason);
  };
  const name = environment.name || environment.key;
  const obstacle = obstacleOf(draftOf(edit.base), edit.draft);
  return (
    <Dialog size="lg" onClose={onClose} title={`Change ${flag} in ${name}?`}>
      <Stack component="form" onSubmit={submit} gap="sm">
        <DifferenceList differences={edit.differences} />
        <Warnings edit={edit} release={release} />
        {edit.behind && <Meanwhile edit={edit} />}
        {obstacle && (
          <Alert color="orange" variant="outline">
            {obstacle}
          </Alert>
        )}
        <TextInput
          label="Reason"
          description="Kept with the change"
          value={reason}
          maxLength={300}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {!(edit.behind && hasStatus(error, 412)) && <ProblemAlert error={error} />}
        <DialogActions cancel="Back to the edit" onCancel={onClose}>
          <Button
            type="submit"
            data-autofocus
            loading={saving}
            disabled={edit.behind || obstacle !== undefined || !edit.dirty}
          >
            {environment.production ? `Save to ${name}` : "Save"}
          </Button>
        </DialogActions>
      </Stack>
    </Dialog>
  );
}

function Warnings({ edit, release }: Pick<Props, "edit" | "release">) {
  const effect = turnOnEffect(edit.draft);
  const before = turnOnEffect(edit.base);
  const { state } = edit.base.serving;
  const shut = state === "killed" || (state === "closed" && edit.draft.availability !== null);
  const opensFully =
    !shut &&
    edit.draft.enabled &&
    effect.fullyServed &&
    (!edit.base.enabled || before.fullyServed !== effect.fullyServed);
  return (
    <>
      {opensFully && (
        <Alert color="orange" variant="outline">
          Everyone who matches no rule gets <strong>{effect.fullyServed}</strong> at once: 100%.
        </Alert>
      )}
      {release?.phase === "progressing" && (
        <Alert color="orange" variant="outline">
          The release of {release.variation} is under way: a change by hand pauses it.
        </Alert>
      )}
      {shut && (
        <Text size="sm" c="dimmed">
          The flag is {state} here: nobody gets this until it is {state === "killed" ? "restored" : "open"}.
        </Text>
      )}
      {!edit.draft.enabled && !shut && (
        <Text size="sm" c="dimmed">
          The flag stays off: nobody gets this until it is turned on.
        </Text>
      )}
    </>
  );
}
