import { Code, Group, Stack, Text } from "@mantine/core";
import type { Explanation } from "../../../api/types";
import { writeJSON } from "../../../domain/exactJSON";
import { type TraceStep, traceOf } from "../../../domain/trace";
import classes from "./TryTab.module.css";

/** Answer shows the result of an evaluation and, step by step, how it came about. */
export function Answer({ explanation }: { explanation: Explanation }) {
  const { variation, value, reason, errorCode, detail } = explanation;
  return (
    <Stack gap="sm">
      <Group gap="sm" data-testid="answer">
        <Text fw={650} size="md">
          {variation ?? "code default"}
        </Text>
        {value !== undefined && <Code>{writeJSON(value)}</Code>}
        <Text size="sm" c="dimmed">
          {[reason, errorCode, detail].filter(Boolean).join(", ")}
        </Text>
      </Group>
      <ol className={classes.trace} aria-label="How it came about">
        {traceOf(explanation).map((step, index) => (
          <Step key={index} step={step} />
        ))}
      </ol>
    </Stack>
  );
}

const signs = { matched: "✓", notMatched: "✗", unknown: "?", notReached: "·" } as const;
const words = {
  matched: "matched",
  notMatched: "did not match",
  unknown: "cannot be told: the attribute is missing or of another type",
  notReached: "was not reached",
} as const;

function Step({ step }: { step: TraceStep }) {
  return (
    <li className={classes.step}>
      <div className={classes.line}>
        <span
          className={classes.sign}
          data-outcome={step.outcome}
          title={words[step.outcome]}
          role="img"
          aria-label={words[step.outcome]}
        >
          {signs[step.outcome]}
        </span>
        <span>{step.text}</span>
      </div>
      {step.details.map((line, index) => (
        <div className={classes.inner} key={index}>
          {line}
        </div>
      ))}
    </li>
  );
}
