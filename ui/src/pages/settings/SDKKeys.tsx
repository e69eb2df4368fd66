import { Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sdkKeysQuery, useCreateSDKKey, useRevokeSDKKey } from "../../api/sdkKeys";
import { usePermission } from "../../api/session";
import type { Environment, SDKKey } from "../../api/types";
import { CredentialTable } from "../../components/CredentialTable";
import { EmptyState } from "../../components/EmptyState";
import { Panel } from "../../components/Panel";
import { ProblemAlert } from "../../components/ProblemAlert";
import { Rows } from "../../components/Rows";
import { SecretForm } from "../../components/SecretForm";

interface Props {
  project: string;
  environment: Environment;
}

/** SDKKeys makes and revokes the keys with which applications ask for flags. */
export function SDKKeys({ project, environment }: Props) {
  const allowed = usePermission("editor", project, environment.key);
  if (!allowed) {
    return <EmptyState title="SDK keys need the role editor">Ask an admin of this project for a key.</EmptyState>;
  }
  return (
    <Panel title={`SDK keys of ${environment.name || environment.key}`}>
      <Stack gap="sm">
        <CreateKey project={project} environment={environment} />
        <KeyTable project={project} environment={environment} />
      </Stack>
    </Panel>
  );
}

const kinds = [
  { value: "server", label: "server: rules and streams" },
  { value: "client", label: "client: browsers and apps" },
];

function CreateKey({ project, environment }: Props) {
  const [kind, setKind] = useState<SDKKey["kind"]>("server");
  return (
    <SecretForm
      thing="key"
      secretLabel="SDK key"
      placeholder="Who uses it, for instance shop"
      create={useCreateSDKKey(project, environment.key)}
      body={(name) => ({ name, kind })}
      secretOf={({ key }) => key}
    >
      <Select
        aria-label="Kind of key"
        w={210}
        allowDeselect={false}
        data={kinds}
        value={kind}
        onChange={(chosen) => setKind(chosen === "client" ? "client" : "server")}
      />
    </SecretForm>
  );
}

function KeyTable({ project, environment }: Props) {
  const keys = useQuery(sdkKeysQuery(project, environment.key));
  const revoke = useRevokeSDKKey(project, environment.key);
  return (
    <>
      <ProblemAlert error={keys.error ?? revoke.error} />
      {keys.isPending && <Rows count={3} />}
      {keys.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          No keys yet: an application needs one to ask for flags here.
        </Text>
      )}
      {keys.data && keys.data.length > 0 && (
        <CredentialTable
          credentials={keys.data}
          columns={{
            Kind: ({ kind }) => kind,
          }}
          minWidth={480}
          effect="Applications with this key lose their streams and get no more answers."
          revoking={revoke.isPending}
          onRevoke={revoke.mutate}
        />
      )}
    </>
  );
}
