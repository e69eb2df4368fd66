import { Button, Group, JsonInput, Stack, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Webhook, WebhookMapping } from "../../api/types";
import { useDeleteWebhook, useRotateSecret, useUpdateWebhook, webhookQuery } from "../../api/webhooks";
import { Panel } from "../../components/Panel";
import { ProblemAlert } from "../../components/ProblemAlert";
import { RevokeButton } from "../../components/RevokeButton";
import { Rows } from "../../components/Rows";
import { SecretOnce } from "../../components/SecretOnce";
import { Deliveries } from "./Deliveries";
import { DryRun } from "./DryRun";
import { kindNames } from "./kinds";
import { Setup } from "./Setup";

interface Props {
  project: string;
  id: string;
}

/** WebhookDetails is one webhook: its mapping, what to do at the tool, what it received, and what an event would do. */
export function WebhookDetails({ project, id }: Props) {
  const { data: webhook, error, isPending } = useQuery(webhookQuery(project, id));
  return (
    <Stack gap="sm">
      <Link to="." search={(search: object) => ({ ...search, webhook: undefined })} className="link">
        All webhooks
      </Link>
      <ProblemAlert error={error} />
      {isPending && <Rows count={4} />}
      {webhook && (
        <>
          <Overview project={project} webhook={webhook} />
          <Panel title="Deliveries">
            <Deliveries project={project} id={id} />
          </Panel>
          <Panel title="Dry run">
            <DryRun project={project} webhook={webhook} />
          </Panel>
          <Panel title="At the tool">
            <Setup setup={webhook.setup ?? []} />
          </Panel>
        </>
      )}
    </Stack>
  );
}

function Overview({ project, webhook }: { project: string; webhook: Webhook }) {
  const update = useUpdateWebhook(project, webhook.id);
  const rotate = useRotateSecret(project, webhook.id);
  const remove = useDeleteWebhook(project);
  const navigate = useNavigate();
  const leave = () => void navigate({ to: ".", search: (search: object) => ({ ...search, webhook: undefined }) });
  return (
    <Panel
      title={`${webhook.name}: ${kindNames[webhook.kind]}`}
      actions={
        <Switch
          label={webhook.enabled ? "On" : "Off"}
          checked={webhook.enabled}
          disabled={update.isPending}
          onChange={(event) =>
            update.mutate({ version: webhook.version, patch: { enabled: event.currentTarget.checked } })
          }
        />
      }
    >
      <Stack gap="sm">
        <code style={{ overflowWrap: "anywhere" }}>{webhook.url}</code>
        <Mapping key={webhook.version} webhook={webhook} update={update} />
        <ProblemAlert error={update.error ?? rotate.error ?? remove.error} />
        {rotate.data?.secret && (
          <SecretOnce label="secret of the webhook" secret={rotate.data.secret} onClose={rotate.reset} />
        )}
        <Group gap="xs">
          <Button variant="default" size="compact-sm" loading={rotate.isPending} onClick={() => rotate.mutate()}>
            New secret
          </Button>
          <RevokeButton
            name={webhook.name}
            effect="The webhook and its deliveries are deleted; what it reported stays."
            disabled={remove.isPending}
            onRevoke={() => remove.mutate(webhook.id, { onSuccess: leave })}
          />
        </Group>
      </Stack>
    </Panel>
  );
}

interface MappingProps {
  webhook: Webhook;
  update: ReturnType<typeof useUpdateWebhook>;
}

/** Mapping edits the patterns as JSON: they are written once, often pasted. */
function Mapping({ webhook, update }: MappingProps) {
  const [text, setText] = useState(() => JSON.stringify(webhook.mapping, null, 2));
  const mapping = parseMapping(text);
  return (
    <Stack gap="xs">
      <JsonInput
        label="Mapping of names"
        description='Patterns from the tool’s names to ours, for instance {"environments": [{"match": "prod-*", "name": "production"}]}'
        autosize
        minRows={3}
        maxRows={16}
        value={text}
        error={mapping ? undefined : "This is not a JSON object."}
        onChange={setText}
      />
      <Group>
        <Button
          size="compact-sm"
          disabled={!mapping}
          loading={update.isPending}
          onClick={() =>
            mapping &&
            update.mutate({ version: webhook.version, patch: { mapping: replacing(webhook.mapping, mapping) } })
          }
        >
          Save mapping
        </Button>
      </Group>
    </Stack>
  );
}

function parseMapping(text: string): WebhookMapping | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** replacing makes a merge patch that leaves nothing of what was there before. */
function replacing(before: WebhookMapping, after: WebhookMapping): WebhookMapping {
  const gone = Object.keys(before).map((field) => [field, null]);
  const fields = Object.keys(before.fields ?? {}).map((field) => [field, null]);
  return {
    ...Object.fromEntries(gone),
    ...after,
    ...(after.fields ? { fields: { ...Object.fromEntries(fields), ...after.fields } } : {}),
  };
}
