import { Text } from "@mantine/core";
import { CodeBlock } from "../../components/CodeBlock";
import { EmptyState } from "../../components/EmptyState";

interface Props {
  project: string;
  environment: string;
}

/** NoDeployments says how deployments get here. */
export function NoDeployments({ project, environment }: Props) {
  const { origin } = window.location;
  const report = `curl ${origin}/api/v1/projects/${project}/environments/${environment}/deployments \\
  -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
  -d '{"service": "checkout", "version": "2.3.0", "status": "succeeded"}'`;
  return (
    <EmptyState title="No deployments yet">
      <Text size="sm">
        Let the pipeline report each deployment, with an access token of role releaser. A release that waits for one of
        these versions starts when it succeeds.
      </Text>
      <CodeBlock code={report} label="curl command" />
      <Text size="sm">
        On GitHub, a webhook for deployment statuses to <code>{origin}/hooks/github</code> does it without a change to
        the pipeline.
      </Text>
    </EmptyState>
  );
}
