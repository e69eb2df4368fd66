import { Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useApproveRelease, useMoveRelease } from "../../../api/releases";
import type { Deployment, Environment, Flag, Release } from "../../../api/types";
import { Ago } from "../../../components/Ago";
import { ProblemAlert } from "../../../components/ProblemAlert";
import { useNow } from "../../../components/useNow";
import { formatDuration } from "../../../domain/duration";
import { withLocalTimes } from "../../../domain/localTime";
import { stepText } from "../../../domain/release";
import { formatPercent } from "../../../domain/weights";
import { Guards } from "./Guards";
import { ReleaseHistory } from "./ReleaseHistory";
import classes from "./ReleaseView.module.css";
import { StepPlot } from "./StepPlot";
import { VerbButtons } from "./VerbButtons";
import { Waits } from "./Waits";

interface Props {
  project: string;
  flag: Flag;
  environment: Environment;
  release: Release;
}

/** ReleaseView shows where a release stands, why, and what can be done. */
export function ReleaseView({ project, flag, environment, release }: Props) {
  const move = useMoveRelease(project, environment.key, flag.key);
  const approve = useApproveRelease(project, environment.key, flag.key);
  return (
    <Stack gap="sm">
      <Headline release={release} />
      <StepPlot release={release} />
      <Text size="sm">{withLocalTimes(release.reason)}</Text>
      <Waits release={release} />
      <Guards project={project} environment={environment} flag={flag} release={release} />
      <Cause project={project} environment={environment} release={release} />
      <VerbButtons project={project} environment={environment} release={release} move={move} approve={approve} />
      <ProblemAlert error={move.error ?? approve.error} />
      <ReleaseHistory events={release.history ?? []} />
    </Stack>
  );
}

/** Headline says what is served: the share of the step only while the step is what the flag serves to everyone. */
function Headline({ release }: { release: Release }) {
  const { serving, servesStep, weight, variation, target } = release;
  const plain = servesStep && weight > 0 && target === undefined;
  return (
    <div className={classes.headline}>
      {plain && (
        <>
          <span className={classes.weight} data-testid="release-weight">
            {formatPercent(weight)}
          </span>
          <span>
            of contexts get <strong>{variation}</strong>
            <NextStep release={release} />
          </span>
        </>
      )}
      {!plain && (
        <span data-testid="release-serving">
          {serving?.sentence}
          <NextStep release={release} />
        </span>
      )}
    </div>
  );
}

function NextStep({ release }: { release: Release }) {
  const now = useNow(500);
  const next = release.steps[release.step + 1];
  if (release.phase !== "progressing" || !release.nextStepAt || !next) {
    return null;
  }
  const left = Date.parse(release.nextStepAt) - now;
  return (
    <>
      {" "}
      Next: {stepText(next)} {left > 0 ? `in ${formatDuration(left)}` : "now"}
    </>
  );
}

interface CauseProps {
  project: string;
  environment: Environment;
  release: Release;
}

/** Cause names the deployment that started the release. */
function Cause({ project, environment, release }: CauseProps) {
  if (!release.deployment) {
    return null;
  }
  const { service, version, startedAt, finishedAt } = release.deployment;
  return (
    <Text size="sm">
      Caused by{" "}
      <Link className="link" to="/projects/$project/deployments" params={{ project }} search={{ env: environment.key }}>
        {service} {version}
      </Link>
      <CommitText deployment={release.deployment} />, <Ago at={finishedAt ?? startedAt} />
    </Text>
  );
}

const shortCommit = 8;

function CommitText({ deployment }: { deployment: Deployment }) {
  if (!deployment.commit) {
    return null;
  }
  return (
    <>
      {" "}
      (<code title={deployment.commit}>{deployment.commit.slice(0, shortCommit)}</code>)
    </>
  );
}
