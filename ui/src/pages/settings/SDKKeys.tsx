import { Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorAt, problemOf } from "../../api/problem";
import { sdkKeysQuery, useCreateSDKKey, useRevokeSDKKey } from "../../api/sdkKeys";
import { usePermission } from "../../api/session";
import type { Environment, SDKKey } from "../../api/types";
import { CredentialTable } from "../../components/CredentialTable";
import { EmptyState } from "../../components/EmptyState";
import { Panel } from "../../components/Panel";
import { ProblemAlert } from "../../components/ProblemAlert";
import { Rows } from "../../components/Rows";
import { SecretOnce } from "../../components/SecretOnce";

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
  const [name, setName] = useState("");
  const [kind, setKind] = useState<SDKKey["kind"]>("server");
  const create = useCreateSDKKey(project, environment.key);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name: name.trim(), kind }, { onSuccess: () => setName("") });
  };
  return (
    <Stack gap="xs">
      <form onSubmit={submit}>
        <Group gap="xs" align="flex-start">
          <TextInput
            aria-label="Name of the key"
            placeholder="Who uses it, for instance shop"
            w={230}
            required
            value={name}
            error={create.error ? errorAt(problemOf(create.error).errors ?? [], "/name") : undefined}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            aria-label="Kind of key"
            w={210}
            allowDeselect={false}
            data={kinds}
            value={kind}
            onChange={(chosen) => setKind(chosen === "client" ? "client" : "server")}
          />
          <Button type="submit" loading={create.isPending}>
            Create key
          </Button>
        </Group>
      </form>
      <ProblemAlert error={create.error} />
      {create.data?.key && <SecretOnce label="SDK key" secret={create.data.key} onClose={create.reset} />}
    </Stack>
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
