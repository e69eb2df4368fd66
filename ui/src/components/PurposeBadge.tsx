import { Badge } from "@mantine/core";
import type { Purpose } from "../api/types";

const colors: Record<Purpose, string> = {
  release: "cyan",
  experiment: "grape",
  operational: "orange",
  permission: "indigo",
  migration: "lime",
};

export const purposes = Object.keys(colors) as Purpose[];

/** What each purpose is for, in the words of the people who choose one. */
export const purposeHints: Record<Purpose, string> = {
  release: "Opens new code step by step; short-lived",
  experiment: "Compares variations; lives as long as the experiment",
  operational: "A switch for operators; may stay",
  permission: "Who may use what; stays",
  migration: "Moves from one system to another, and back if need be",
};

export function PurposeBadge({ purpose }: { purpose: Purpose }) {
  return (
    <Badge size="sm" variant="default" leftSection={<Dot color={colors[purpose]} />} tt="none" fw={400}>
      {purpose}
    </Badge>
  );
}

function Dot({ color }: { color: string }) {
  return (
    <span
      style={{
        display: "block",
        width: 7,
        height: 7,
        borderRadius: "50%",
        background: `var(--mantine-color-${color}-6)`,
      }}
    />
  );
}
