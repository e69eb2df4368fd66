import { Alert, Button, Skeleton, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { flagConfigQuery, useUpdateFlagConfig } from "../api/flagConfig";
import type { Environment, FlagConfig, FlagSummary } from "../api/types";
import { configDifferences } from "../domain/configDifference";
import { draftOf } from "../domain/configDraft";
import { turnOnEffect } from "../domain/serve";
import { Dialog } from "./Dialog";
import { DialogActions } from "./DialogActions";
import { DifferenceList } from "./DifferenceList";
import { ProblemAlert } from "./ProblemAlert";

interface Props {
  project: string;
  environment: Environment;
  flag: string;
  summary: FlagSummary;
  onClose: () => void;
}

/** FlipDialog asks before a flag is flipped in production, and says what the flip will serve. */
export function FlipDialog({ project, environment, flag, summary, onClose }: Props) {
  const [reason, setReason] = useState("");
  const config = useQuery({ ...flagConfigQuery(project, environment.key, flag), staleTime: 0 });
  const update = useUpdateFlagConfig(project);
  const enabled = !summary.enabled;
  const confirm = useFocusOnceReady(config.isSuccess);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    update.mutate(
      { environment: environment.key, flag, patch: { enabled }, reason, version: config.data?.version },
      { onSuccess: onClose },
    );
  };
  return (
    <Dialog
      onClose={onClose}
      title={`Turn ${flag} ${enabled ? "on" : "off"} in ${environment.name || environment.key}?`}
    >
      <Stack component="form" onSubmit={submit} gap="sm">
        {config.data ? <Effect config={config.data} enabled={enabled} summary={summary} /> : <Skeleton height={66} />}
        <TextInput
          label="Reason"
          description="Kept with the change"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={300}
        />
        <ProblemAlert error={config.error ?? update.error} />
        <DialogActions onCancel={onClose}>
          <Button ref={confirm} type="submit" loading={update.isPending} disabled={!config.data}>
            Turn {enabled ? "on" : "off"}
          </Button>
        </DialogActions>
      </Stack>
    </Dialog>
  );
}

/** useFocusOnceReady focuses a button when it is opened, unless the person is writing already. */
function useFocusOnceReady(ready: boolean) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (ready && !document.activeElement?.matches("input")) {
      button.current?.focus();
    }
  }, [ready]);
  return button;
}

interface EffectProps {
  config: FlagConfig;
  enabled: boolean;
  summary: FlagSummary;
}

function Effect({ config, enabled, summary }: EffectProps) {
  const before = draftOf(config);
  const effect = turnOnEffect(config);
  const releasing = summary.release?.phase === "progressing";
  const differences = [
    ...configDifferences(before, { ...before, enabled }),
    { label: "What is served", before: config.serving.sentence, after: config.servingIfSwitched.sentence },
  ];
  return (
    <>
      <DifferenceList differences={differences} />
      {config.servingIfSwitched.state === "on" && effect.fullyServed && (
        <Alert color="orange" variant="outline">
          Everyone who matches no rule gets <strong>{effect.fullyServed}</strong> at once: 100%. To open it in steps,
          give the flag a percentage or a release first.
        </Alert>
      )}
      {releasing && (
        <Alert color="orange" variant="outline">
          A release is under way. A change by hand pauses it.
        </Alert>
      )}
    </>
  );
}
