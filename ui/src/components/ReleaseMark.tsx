import { Badge, Tooltip } from "@mantine/core";
import type { FlagSummary, ReleasePhase } from "../api/types";
import { formatPercent } from "../domain/weights";

const phaseColors: Record<ReleasePhase, string> = {
  pending: "gray",
  progressing: "cyan",
  paused: "orange",
  completed: "green",
  reverted: "red",
};

const marks: Record<ReleasePhase, string> = {
  pending: "◷",
  progressing: "▲",
  paused: "❚❚",
  completed: "✓",
  reverted: "↩",
};

/** ReleaseMark tells in one sign where a flag's release stands. One that has ended is no longer marked. */
export function ReleaseMark({ release }: { release: FlagSummary["release"] }) {
  if (!release || release.phase === "completed" || release.phase === "reverted") {
    return null;
  }
  const label = `Release of ${release.variation}: ${release.phase}, ${formatPercent(release.weight)}`;
  return (
    <Tooltip label={label}>
      <Badge
        size="sm"
        variant="outline"
        color={phaseColors[release.phase]}
        c="inherit"
        px={5}
        flex="none"
        aria-label={label}
        role="img"
      >
        {marks[release.phase]}
      </Badge>
    </Tooltip>
  );
}

export function PhaseBadge({ phase }: { phase: ReleasePhase }) {
  return (
    <Badge variant="outline" color={phaseColors[phase]} c="inherit" tt="none" leftSection={marks[phase]}>
      {phase}
    </Badge>
  );
}
