import { Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Environment, Flag } from "../../api/types";
import { CodeBlock } from "../../components/CodeBlock";
import { Panel } from "../../components/Panel";
import { curlSnippet, goSnippet, typescriptSnippet } from "../../domain/snippets";

interface Props {
  project: string;
  flag: Flag;
  environment: Environment;
}

/** CodeTab shows how an application asks for the flag. */
export function CodeTab({ project, flag, environment }: Props) {
  const { origin } = window.location;
  return (
    <Stack gap="sm">
      <Text size="sm">
        SDK_KEY is a server SDK key of {environment.name || environment.key}:{" "}
        <Link className="link" to="/projects/$project/settings" params={{ project }} search={{ env: environment.key }}>
          make one under Settings
        </Link>
        . The key decides the environment; the code is the same in all of them.
      </Text>
      <Panel title="Go">
        <CodeBlock code={goSnippet(flag, origin)} label="Go snippet" />
      </Panel>
      <Panel title="TypeScript">
        <CodeBlock code={typescriptSnippet(flag, origin)} label="TypeScript snippet" />
      </Panel>
      <Panel title="curl">
        <CodeBlock code={curlSnippet(flag, origin)} label="curl snippet" />
      </Panel>
    </Stack>
  );
}
