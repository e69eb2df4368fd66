import { Button, Group } from "@mantine/core";
import type { useApproveRelease, useMoveRelease } from "../../../api/releases";
import { usePermission } from "../../../api/session";
import type { Environment, Release, ReleaseVerb } from "../../../api/types";
import { Hinted } from "../../../components/Hinted";
import { ReasonPopover } from "../../../components/ReasonPopover";
import { stepText } from "../../../domain/release";
import { ApproveButton } from "./ApproveButton";

interface Props {
  project: string;
  environment: Environment;
  release: Release;
  move: ReturnType<typeof useMoveRelease>;
  approve: ReturnType<typeof useApproveRelease>;
}

/**
 * VerbButtons offer what the server would not refuse. What raises exposure asks first where the environment asks before
 * changes. A revert asks everywhere, since nothing undoes it.
 */
export function VerbButtons({ project, environment, release, move, approve }: Props) {
  const allowed = usePermission("releaser", project, environment.key);
  // A release that has not begun has nothing to take back.
  const verbs = (release.verbs ?? []).filter((verb) => verb !== "revert" || release.step >= 0);
  if (verbs.length === 0) {
    return null;
  }
  return (
    <Hinted allowed={allowed} role="releaser">
      <Group gap="xs">
        {verbs.map((verb) => (
          <VerbButton
            key={verb}
            verb={verb}
            environment={environment}
            release={release}
            disabled={!allowed}
            move={move}
          />
        ))}
        <ApproveButton release={release} environment={environment} disabled={!allowed} approve={approve} />
      </Group>
    </Hinted>
  );
}

interface ButtonProps extends Pick<Props, "environment" | "release" | "move"> {
  verb: ReleaseVerb;
  disabled: boolean;
}

function VerbButton({ verb, environment, release, disabled, move }: ButtonProps) {
  const send = (reason?: string) =>
    move.mutate({
      verb,
      ...(verb === "promote" ? { step: release.step + 1 } : {}),
      ...(reason ? { reason } : {}),
    });
  const button = (onClick: () => void) => (
    <Button {...look(verb)} disabled={disabled || move.isPending} onClick={onClick}>
      {verbText(verb, release)}
    </Button>
  );
  const asks = verb === "revert" || (environment.production && verb !== "pause");
  if (!asks) {
    return button(() => send());
  }
  return (
    <ReasonPopover
      question={`${verbText(verb, release)}: ${release.flag} in ${environment.name || environment.key}?`}
      effect={
        <>
          {release.serving && (
            <>
              Now: {release.serving.sentence}
              <br />
            </>
          )}
          {effectText(verb, release)}
        </>
      }
      action={confirmTexts[verb]}
      danger={verb === "revert"}
      onConfirm={send}
      target={button}
    />
  );
}

function look(verb: ReleaseVerb): object {
  switch (verb) {
    case "revert":
      return { color: "red", variant: "outline", c: "var(--mantine-color-error)" };
    case "pause":
      return { variant: "default" };
    default:
      return { variant: "filled" };
  }
}

const confirmTexts: Record<ReleaseVerb, string> = {
  start: "Start now",
  promote: "Promote now",
  pause: "Pause now",
  resume: "Resume now",
  revert: "Revert now",
};

function verbText(verb: ReleaseVerb, { steps, step }: Release): string {
  const next = steps[step + 1];
  switch (verb) {
    case "start":
      return next ? `Start now: ${stepText(next)}` : "Start now";
    case "promote":
      return next ? `Promote to ${stepText(next)}` : "Promote";
    case "pause":
      return "Pause";
    case "resume":
      return "Resume";
    case "revert":
      return "Revert";
  }
}

/** effectText says what a verb means for those who get the flag. */
function effectText(verb: ReleaseVerb, { steps, step, variation, target, phase }: Release): string {
  const next = steps[step + 1];
  const whom = target ? "those whom the release is about" : "contexts";
  const opened = next?.segment
    ? `the segment ${next.segment} gets ${variation}`
    : `${next ? stepText(next) : "all"} of ${whom} get ${variation}`;
  switch (verb) {
    case "start":
      return `Then: ${opened} at once, whatever the release waits for.`;
    case "promote":
      return `Then: ${opened} at once. Nothing is waited for: neither the hold nor an approval, a window or a guard.`;
    case "resume":
      return step < 0
        ? "Then: the release waits for its start again."
        : "Then: the release serves its step again, also on top of an edit by hand, and goes on by itself.";
    case "pause":
      return "Then: the release stays where it is.";
    case "revert":
      return phase === "pending" || step < 0
        ? "Then: the release is ended. What is served stays."
        : "Then: everybody gets what the flag served before the release, at once.";
  }
}
