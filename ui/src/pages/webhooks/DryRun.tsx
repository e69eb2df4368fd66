import { Button, Group, JsonInput, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Webhook } from "../../api/types";
import { useDryRun } from "../../api/webhooks";
import { ProblemAlert } from "../../components/ProblemAlert";
import { parseJSON } from "../../domain/exactJSON";
import { OutcomeView } from "./OutcomeView";

interface Props {
  project: string;
  webhook: Webhook;
}

const example = `{"service": "checkout", "version": "2.3.0", "environment": "production", "status": "succeeded"}`;

/** DryRun tells what an event would do, without doing it. */
export function DryRun({ project, webhook }: Props) {
  const [payload, setPayload] = useState(webhook.kind === "generic" ? example : "");
  const [event, setEvent] = useState("");
  const [mistake, setMistake] = useState<string>();
  const run = useDryRun(project, webhook.id);
  const submit = (submitted: FormEvent) => {
    submitted.preventDefault();
    try {
      setMistake(undefined);
      run.mutate({ payload: parseJSON(payload) as Record<string, never>, event: event.trim() });
    } catch {
      setMistake("This is not JSON.");
    }
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <JsonInput
          label="Payload"
          autosize
          minRows={4}
          maxRows={16}
          required
          value={payload}
          error={mistake}
          onChange={setPayload}
        />
        {webhook.kind === "flagger" && (
          <TextInput
            label="Hook"
            placeholder="event, rollback, confirm-promotion, …"
            w={260}
            value={event}
            onChange={(changed) => setEvent(changed.currentTarget.value)}
          />
        )}
        <Group>
          <Button type="submit" loading={run.isPending}>
            What would it do?
          </Button>
        </Group>
        <ProblemAlert error={run.error} />
        {run.data && (
          <div role="status">
            <OutcomeView outcome={run.data} />
          </div>
        )}
      </Stack>
    </form>
  );
}
