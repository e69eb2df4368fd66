import { Button, Group } from "@mantine/core";
import type { useApproveRelease, useMoveRelease } from "../../../api/releases";
import { usePermission } from "../../../api/session";
import type { Environment, Release, ReleaseVerb } from "../../../api/types";
import { Hinted } from "../../../components/Hinted";
import { ReasonPopover } from "../../../components/ReasonPopover";
import { stepText, verbsFor } from "../../../domain/release";
import { ApproveButton } from "./ApproveButton";

interface Props {
  project: string;
  environment: Environment;
  release: Release;
  move: ReturnType<typeof useMoveRelease>;
  approve: ReturnType<typeof useApproveRelease>;
}

/** VerbButtons move a release. Only a revert asks again, since nothing undoes it. */
export function VerbButtons({ project, environment, release, move, approve }: Props) {
  const allowed = usePermission("releaser", project, environment.key);
  const verbs = verbsFor(release);
  if (verbs.length === 0) {
    return null;
  }
  return (
    <Hinted allowed={allowed} role="releaser">
      <Group gap="xs">
        <ApproveButton release={release} disabled={!allowed} approve={approve} />
        {verbs.map((verb) =>
          verb === "revert" ? (
            <ReasonPopover
              key={verb}
              effect="Everybody gets what the flag served before the release, at once."
              action="Revert now"
              danger
              onConfirm={(reason) => move.mutate({ verb, reason })}
              target={(toggle) => (
                <Button
                  color="red"
                  variant="outline"
                  c="var(--mantine-color-error)"
                  disabled={!allowed || move.isPending}
                  onClick={toggle}
                >
                  Revert
                </Button>
              )}
            />
          ) : (
            <Button
              key={verb}
              variant={verb === "pause" ? "default" : "filled"}
              disabled={!allowed || move.isPending}
              onClick={() => move.mutate(verb === "promote" ? { verb, step: release.step + 1 } : { verb })}
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
