import { Badge, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { releaseMeasurementsQuery } from "../../../api/releases";
import type { Environment, Flag, GuardPoint, GuardReading, Release, ReleaseGuard } from "../../../api/types";
import { formatDifference, guardText, isWatched, readingText, verdictColor, verdictText } from "../../../domain/guard";
import { GuardPlot } from "./GuardPlot";
import { GuardSlices } from "./GuardSlices";
import classes from "./Guards.module.css";

const measuredEvery = 5_000;

interface Props {
  project: string;
  environment: Environment;
  flag: Flag;
  release: Release;
}

/** Guards shows what is measured of the release and where each guard stands. */
export function Guards({ project, environment, flag, release }: Props) {
  const { guards = [], readings = [] } = release;
  const { data } = useQuery({
    ...releaseMeasurementsQuery(project, environment.key, flag.key),
    enabled: guards.length > 0 && release.startedAt !== undefined,
    refetchInterval: isWatched(release) ? measuredEvery : false,
  });
  if (guards.length === 0) {
    return null;
  }
  const ended = release.phase === "completed" || release.phase === "reverted";
  // Nobody has set up the sample ratio as a guard, so it is shown only when it is wrong.
  const ratio = readings.find(
    ({ guard, verdict }) => verdict === "breached" && !guards.some(({ name }) => name === guard),
  );
  return (
    <div>
      <Text size="sm" fw={600} mb={6}>
        Guards
      </Text>
      {ratio && (
        <Text size="sm" c="red" mb={6}>
          {ratio.text}
        </Text>
      )}
      <ul className={classes.guards} aria-label="Guards of the release">
        {guards.map((guard) => (
          <GuardItem
            key={guard.name}
            guard={guard}
            ended={ended}
            reading={readings.find((reading) => reading.guard === guard.name)}
            points={data?.series.find((series) => series.guard === guard.name)?.points ?? []}
          />
        ))}
      </ul>
    </div>
  );
}

interface ItemProps {
  guard: ReleaseGuard;
  /** Whether the release has ended, so that nothing is measured any longer. */
  ended: boolean;
  reading: GuardReading | undefined;
  points: readonly GuardPoint[];
}

function GuardItem({ guard, ended, reading, points }: ItemProps) {
  const difference = reading?.difference;
  return (
    <li>
      <Group gap={6} wrap="nowrap">
        <Text size="sm" fw={500} truncate>
          {guard.name}
        </Text>
        {reading && (
          <Badge
            size="sm"
            variant="dot"
            color={ended && reading.verdict !== "breached" ? "gray" : verdictColor[reading.verdict]}
          >
            {verdictText(reading.verdict, ended)}
          </Badge>
        )}
        {difference && (
          <Text size="sm" ml="auto">
            {formatDifference(difference.estimate)}
          </Text>
        )}
      </Group>
      <Text size="xs" c="dimmed">
        {guardText(guard)}
      </Text>
      <GuardPlot guard={guard} points={points} />
      <Text size="xs">
        {reading
          ? readingText(reading, ended)
          : ended
            ? "Nothing was measured."
            : "Measured once the release has started."}
      </Text>
      <GuardSlices guard={guard} slices={reading?.slices ?? []} />
    </li>
  );
}
