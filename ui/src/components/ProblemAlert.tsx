import { Alert, List, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { problemOf } from "../api/problem";
import type { FieldError } from "../api/types";

interface Props {
  error: unknown;
  /** The field errors to list; all of them unless a form shows some itself. */
  errors?: readonly FieldError[];
}

/** ProblemAlert shows a failure in full: what went wrong, and where. */
export function ProblemAlert({ error, errors }: Props) {
  if (!error) {
    return null;
  }
  const problem = problemOf(error);
  const listed = errors ?? problem.errors ?? [];
  return (
    <Alert role="alert" color="red" variant="outline" title={problem.title} icon={<IconAlertTriangle size={18} />}>
      {problem.detail && problem.detail !== problem.title && <Text size="sm">{problem.detail}</Text>}
      {listed.length > 0 && (
        <List size="sm">
          {listed.map(({ pointer, detail }) => (
            <List.Item key={pointer + detail}>
              {pointer && <code>{pointer}</code>} {detail}
            </List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
