import { Button, Group, Popover, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { useMoveRelease } from "../../../api/releases";
import { usePermission } from "../../../api/session";
import type { Environment, Release, ReleaseVerb } from "../../../api/types";
import { Hinted } from "../../../components/Hinted";
import { stepText, verbsFor } from "../../../domain/release";

interface Props {
  project: string;
  environment: Environment;
  release: Release;
  move: ReturnType<typeof useMoveRelease>;
}

/** VerbButtons move a release. Only a revert asks again, since nothing undoes it. */
export function VerbButtons({ project, environment, release, move }: Props) {
  const allowed = usePermission("releaser", project, environment.key);
  const verbs = verbsFor(release);
  if (verbs.length === 0) {
    return null;
  }
  return (
    <Hinted allowed={allowed} role="releaser">
      <Group gap="xs">
        {verbs.map((verb) =>
          verb === "revert" ? (
            <Revert key={verb} disabled={!allowed || move.isPending} onRevert={(reason) => move.mutate({ verb, reason })} />
          ) : (
            <Button
              key={verb}
              variant={verb === "pause" ? "default" : "filled"}
              disabled={!allowed || move.isPending}
              onClick={() => move.mutate({ verb })}
            >
              {verbText(verb, release)}
            </Button>
          ),
        )}
      </Group>
    </Hinted>
  );
}

function verbText(verb: ReleaseVerb, { steps, step }: Release): string {
  const next = steps[step + 1];
  const to = next ? ` to ${stepText(next)}` : "";
  switch (verb) {
    case "start":
      return next ? `Start now: ${stepText(next)}` : "Start now";
    case "promote":
      return `Promote${to}`;
    case "pause":
      return "Pause";
    case "resume":
      return "Resume";
    case "revert":
      return "Revert";
  }
}

function Revert({ disabled, onRevert }: { disabled: boolean; onRevert: (reason: string) => void }) {
  const [opened, setOpened] = useState(false);
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setOpened(false);
    onRevert(reason);
  };
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus withArrow shadow="md" width={280}>
      <Popover.Target>
        <Button color="red" variant="outline" c="var(--mantine-color-error)" disabled={disabled} onClick={() => setOpened(!opened)}>
          Revert
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack component="form" onSubmit={submit} gap="xs">
          <Text size="sm">Everybody gets what the flag served before the release, at once.</Text>
          <TextInput
            aria-label="Reason"
            placeholder="Reason"
            value={reason}
            maxLength={300}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Button type="submit" color="red" data-autofocus>
            Revert now
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
