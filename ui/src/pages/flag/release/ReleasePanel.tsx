import { Button, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { usePermission } from "../../../api/session";
import type { Environment, Flag, Release } from "../../../api/types";
import { Hinted } from "../../../components/Hinted";
import { Panel } from "../../../components/Panel";
import { ProblemAlert } from "../../../components/ProblemAlert";
import { PhaseBadge } from "../../../components/ReleaseMark";
import { Rows } from "../../../components/Rows";
import { useNow } from "../../../components/useNow";
import { activeFreeze, freezeText } from "../../../domain/freeze";
import { isUnderWay } from "../../../domain/release";
import { ReleaseForm } from "./ReleaseForm";
import { ReleaseView } from "./ReleaseView";
import { useRelease } from "./useRelease";

interface Props {
  project: string;
  flag: Flag;
  environment: Environment;
}

/** ReleasePanel shows the flag's latest release in an environment, or sets one up. */
export function ReleasePanel({ project, flag, environment }: Props) {
  const { release, error } = useRelease(project, flag, environment);
  const [editing, setEditing] = useState(false);
  return (
    <Panel title="Release" actions={release && <PhaseBadge phase={release.phase} />}>
      <ProblemAlert error={error} />
      <Frozen environment={environment} />
      {release === undefined && !error && <Rows count={3} />}
      {editing && (
        <ReleaseForm
          project={project}
          flag={flag}
          environment={environment}
          previous={release ?? undefined}
          onClose={() => setEditing(false)}
        />
      )}
      {release !== undefined && !editing && (
        <Stack gap="sm">
          {release ? (
            <ReleaseView project={project} flag={flag} environment={environment} release={release} />
          ) : (
            <Text size="sm" c="dimmed">
              Opens the flag step by step, once the code for it is deployed, and takes it back when that code is.
            </Text>
          )}
          <SetUp
            project={project}
            flag={flag}
            environment={environment}
            release={release}
            onOpen={() => setEditing(true)}
          />
        </Stack>
      )}
    </Panel>
  );
}

/** Frozen tells that no release goes on in the environment now. */
function Frozen({ environment }: { environment: Environment }) {
  const freeze = activeFreeze(environment.freezes, useNow(1_000));
  return freeze ? (
    <Text size="sm" c="var(--mantine-color-error)">
      Releases are frozen {freezeText(freeze)}
    </Text>
  ) : null;
}

interface SetUpProps extends Props {
  release: Release | null;
  onOpen: () => void;
}

function SetUp({ project, flag, environment, release, onOpen }: SetUpProps) {
  const allowed = usePermission("releaser", project, environment.key);
  if (flag.archived || (release && isUnderWay(release))) {
    return null;
  }
  const waiting = release && (release.phase === "pending" || release.phase === "paused");
  const label = waiting ? "Change it" : release ? "Set up another release" : "Set up a release";
  return (
    <Hinted allowed={allowed} role="releaser">
      <Button variant={release ? "default" : "filled"} disabled={!allowed} onClick={onOpen}>
        {label}
      </Button>
    </Hinted>
  );
}
