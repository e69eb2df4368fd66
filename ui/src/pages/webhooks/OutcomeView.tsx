import { Stack, Text } from "@mantine/core";
import type { WebhookOutcome } from "../../api/types";
import { formatPercent } from "../../domain/weights";

/** OutcomeView says what came, or would come, of an event: deployments, releases, a note or a refusal. */
export function OutcomeView({ outcome }: { outcome: WebhookOutcome }) {
  const { note, problem, deployments } = outcome;
  return (
    <Stack gap={2}>
      {note && <Text size="sm">{note}</Text>}
      {problem && <Text size="sm">Refused: {problem.detail ?? problem.title}</Text>}
      {problem?.errors?.map(({ pointer, detail }) => (
        <Text size="sm" key={pointer + detail}>
          <code>{pointer}</code> {detail}
        </Text>
      ))}
      {deployments.map(({ environment, deployment, changed, releases = [] }) => (
        <div key={environment + deployment.id}>
          <Text size="sm">
            {deployment.service} {deployment.version} {deployment.status} in {environment}
            {changed ? "" : ", nothing new"}
          </Text>
          {releases.map(({ flag, before, phase, weight, reason }) => (
            <Text size="sm" key={flag}>
              {flag}: {before} → {phase} at {formatPercent(weight)}. {reason}
            </Text>
          ))}
        </div>
      ))}
    </Stack>
  );
}
