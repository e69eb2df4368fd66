import { Select, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { usePermission } from "../../api/session";
import type { Webhook, WebhookKind } from "../../api/types";
import { useCreateWebhook, webhooksQuery } from "../../api/webhooks";
import { EmptyState } from "../../components/EmptyState";
import { Panel } from "../../components/Panel";
import { ProblemAlert } from "../../components/ProblemAlert";
import { Rows } from "../../components/Rows";
import { SecretForm } from "../../components/SecretForm";
import { kindNames } from "./kinds";
import { Setup } from "./Setup";
import { WebhookDetails } from "./WebhookDetails";

interface Props {
  project: string;
  selected: string | undefined;
}

/** Webhooks makes the webhooks by which deploy tools report deployments, and shows what they received. */
export function Webhooks({ project, selected }: Props) {
  const allowed = usePermission("releaser", project);
  if (!allowed) {
    return <EmptyState title="Webhooks need the role releaser">Ask an admin of this project for it.</EmptyState>;
  }
  if (selected) {
    return <WebhookDetails key={selected} project={project} id={selected} />;
  }
  return (
    <Panel title="Webhooks of deploy tools">
      <Stack gap="sm">
        <CreateWebhook project={project} />
        <WebhookTable project={project} />
      </Stack>
    </Panel>
  );
}

const kinds = Object.entries(kindNames).map(([value, label]) => ({ value, label }));

function CreateWebhook({ project }: { project: string }) {
  const [kind, setKind] = useState<WebhookKind>("github");
  return (
    <SecretForm
      thing="webhook"
      secretLabel="secret of the webhook"
      placeholder="What sends, for instance Argo CD"
      create={useCreateWebhook(project)}
      body={(name) => ({ name, kind })}
      secretOf={({ secret }) => secret}
      after={({ setup }) => <Setup setup={setup ?? []} />}
    >
      <Select
        aria-label="Kind of webhook"
        w={230}
        allowDeselect={false}
        data={kinds}
        value={kind}
        onChange={(chosen) => setKind((chosen ?? "generic") as WebhookKind)}
      />
    </SecretForm>
  );
}

function WebhookTable({ project }: { project: string }) {
  const { data: webhooks, error, isPending } = useQuery(webhooksQuery(project));
  return (
    <>
      <ProblemAlert error={error} />
      {isPending && <Rows count={3} />}
      {webhooks?.length === 0 && (
        <Text size="sm" c="dimmed">
          No webhooks yet. A pipeline can report deployments without one, with flagd deploy or by REST.
        </Text>
      )}
      {webhooks && webhooks.length > 0 && (
        <Table.ScrollContainer minWidth={480}>
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Kind</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th>Address</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {webhooks.map((webhook) => (
                <Row key={webhook.id} webhook={webhook} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </>
  );
}

function Row({ webhook: { id, name, kind, enabled, url } }: { webhook: Webhook }) {
  return (
    <Table.Tr>
      <Table.Td fw={600}>
        <Link to="." search={(search: object) => ({ ...search, webhook: id })} className="link">
          {name}
        </Link>
      </Table.Td>
      <Table.Td>{kindNames[kind]}</Table.Td>
      <Table.Td>{enabled ? "on" : "off"}</Table.Td>
      <Table.Td>
        <code style={{ overflowWrap: "anywhere" }}>{url}</code>
      </Table.Td>
    </Table.Tr>
  );
}
