import { Button, Checkbox, Group, Stack, Table, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { errorAt, errorsElsewhere, problemOf } from "../../api/problem";
import { useCreateEnvironment, useUpdateEnvironment } from "../../api/projects";
import { usePermission } from "../../api/session";
import { Panel } from "../../components/Panel";
import { ProblemAlert } from "../../components/ProblemAlert";
import { suggestKey } from "../../domain/flagKey";
import { useEnvironments } from "../../shell/useProject";
import { FreezesDialog } from "./FreezesDialog";
import { OriginsDialog } from "./OriginsDialog";
import { ProtectionDialog } from "./ProtectionDialog";
import { RenameDialog } from "./RenameDialog";

/** Environments lists a project's environments and makes new ones. */
export function Environments({ project }: { project: string }) {
  const environments = useEnvironments();
  const admin = usePermission("admin", project);
  const update = useUpdateEnvironment(project);
  const [editing, setEditing] = useState<string | null>(null);
  const [freezing, setFreezing] = useState<string | null>(null);
  const frozen = environments.find(({ key }) => key === freezing);
  const [opening, setOpening] = useState<string | null>(null);
  const [renaming, setRenaming] = useState<string | null>(null);
  const opened = environments.find(({ key }) => key === opening);
  const renamed = environments.find(({ key }) => key === renaming);
  const edited = environments.find(({ key }) => key === editing);
  return (
    <Panel title="Environments">
      {frozen && <FreezesDialog project={project} environment={frozen} onClose={() => setFreezing(null)} />}
      {edited && <OriginsDialog project={project} environment={edited} onClose={() => setEditing(null)} />}
      {opened && <ProtectionDialog project={project} environment={opened} onClose={() => setOpening(null)} />}
      {renamed && <RenameDialog project={project} environment={renamed} onClose={() => setRenaming(null)} />}
      <Stack gap="sm">
        <ProblemAlert error={update.error} />
        <Table.ScrollContainer minWidth={420}>
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Key</Table.Th>
                <Table.Th>Name</Table.Th>
                <Table.Th>Asks before changes</Table.Th>
                <Table.Th>Origins of pages</Table.Th>
                <Table.Th>Freezes of releases</Table.Th>
                <Table.Th>Revision</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {environments.map(({ key, name, production, allowedOrigins, freezes = [], revision, version }) => (
                <Table.Tr key={key}>
                  <Table.Td>
                    <code>{key}</code>
                  </Table.Td>
                  <Table.Td>
                    <Button
                      variant="subtle"
                      size="compact-sm"
                      disabled={!admin}
                      aria-label={`Rename ${key}`}
                      onClick={() => setRenaming(key)}
                    >
                      {name}
                    </Button>
                  </Table.Td>
                  <Table.Td>
                    <Checkbox
                      aria-label={`${key} asks before changes`}
                      disabled={!admin || update.isPending}
                      checked={production}
                      onChange={() =>
                        production
                          ? setOpening(key)
                          : update.mutate({ environment: key, version, body: { production: true } })
                      }
                    />
                  </Table.Td>
                  <Table.Td>
                    <Button
                      variant="subtle"
                      size="compact-sm"
                      disabled={!admin}
                      aria-label={`Origins of pages in ${key}`}
                      onClick={() => setEditing(key)}
                    >
                      {allowedOrigins.length === 0 ? "every origin" : allowedOrigins.join(", ")}
                    </Button>
                  </Table.Td>
                  <Table.Td>
                    <Button
                      variant="subtle"
                      size="compact-sm"
                      disabled={!admin}
                      aria-label={`Freezes of releases in ${key}`}
                      onClick={() => setFreezing(key)}
                    >
                      {freezes.length === 0 ? "none" : freezes.map(({ reason }) => reason).join(", ")}
                    </Button>
                  </Table.Td>
                  <Table.Td>{revision}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        {admin ? (
          <CreateEnvironment project={project} next={environments.length} />
        ) : (
          <Text size="sm" c="dimmed">
            Changing environments needs the role admin.
          </Text>
        )}
      </Stack>
    </Panel>
  );
}

function CreateEnvironment({ project, next }: { project: string; next: number }) {
  const [name, setName] = useState("");
  const create = useCreateEnvironment(project);
  const key = suggestKey(name);
  const errors = create.error ? (problemOf(create.error).errors ?? []) : [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ environment: key, body: { name, position: next } }, { onSuccess: () => setName("") });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <Group gap="xs" align="flex-start">
          <TextInput
            aria-label="Name of the environment"
            placeholder="Name, for instance Canary"
            w={220}
            required
            value={name}
            error={errorAt(errors, "/name")}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" loading={create.isPending} disabled={key === ""}>
            Create {key || "environment"}
          </Button>
        </Group>
        {create.error && <ProblemAlert error={create.error} errors={errorsElsewhere(errors, ["/name"])} />}
      </Stack>
    </form>
  );
}
