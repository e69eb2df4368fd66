import { Alert, List, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { problemOf } from "../api/problem";
import type { FieldError } from "../api/types";

interface Props {
  error: unknown;
  /** The field errors to list; all of them unless a form shows some itself. */
  errors?: readonly FieldError[];
}

/** SignInAgain offers to sign in elsewhere, so that what was typed here stays. */
function SignInAgain() {
  return (
    <Text size="sm">
      What you typed is still here.{" "}
      <a className="link" href="/sign-in" target="_blank" rel="noreferrer">
        Sign in in another tab
      </a>
      , then do it again here.
    </Text>
  );
}

/** ProblemAlert shows a failure in full: what went wrong, and where. */
export function ProblemAlert({ error, errors }: Props) {
  if (!error) {
    return null;
  }
  const problem = problemOf(error);
  // On the page that signs in, 401 is about the token.
  const ended = problem.status === 401 && window.location.pathname !== "/sign-in";
  const listed = errors ?? problem.errors ?? [];
  return (
    <Alert
      role="alert"
      color="red"
      variant="outline"
      title={ended ? "Your session has ended" : problem.title}
      icon={<IconAlertTriangle size={18} />}
    >
      {ended && <SignInAgain />}
      {!ended && problem.detail && problem.detail !== problem.title && <Text size="sm">{problem.detail}</Text>}
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
