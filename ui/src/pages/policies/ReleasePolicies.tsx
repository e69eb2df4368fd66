import { Button, Stack, Table } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { releasePoliciesQuery } from "../../api/releasePolicies";
import { usePermission } from "../../api/session";
import type { ReleasePolicy } from "../../api/types";
import { Ago } from "../../components/Ago";
import { Dialog } from "../../components/Dialog";
import { EmptyState } from "../../components/EmptyState";
import { Hinted } from "../../components/Hinted";
import { Panel } from "../../components/Panel";
import { ProblemAlert } from "../../components/ProblemAlert";
import { Rows } from "../../components/Rows";
import { draftOfPolicy, newPolicy, readinessText, stepsText } from "../../domain/policyDraft";
import { PolicyForm } from "./PolicyForm";

interface Props {
  project: string;
}

/** ReleasePolicies lists the ways to release that the project's flags share, and edits them. */
export function ReleasePolicies({ project }: Props) {
  const { data: policies, error, isPending } = useQuery(releasePoliciesQuery(project));
  const allowed = usePermission("releaser", project);
  const [edited, setEdited] = useState<ReleasePolicy | null>();
  const close = () => setEdited(undefined);
  return (
    <Panel
      title="Ways to release"
      actions={
        <Hinted allowed={allowed} role="releaser">
          <Button
            size="compact-sm"
            leftSection={<IconPlus size={14} />}
            disabled={!allowed}
            onClick={() => setEdited(null)}
          >
            Create policy
          </Button>
        </Hinted>
      }
    >
      <Stack gap="sm">
        <ProblemAlert error={error} />
        {isPending && <Rows count={3} />}
        {policies?.length === 0 && (
          <EmptyState title="No release policies">
            A policy says once how flags are opened: in which steps, when, watched by which guards, and after how
            healthy a deployment. Whoever sets up a release chooses one and changes what is different this time.
          </EmptyState>
        )}
        {policies && policies.length > 0 && <PolicyTable policies={policies} onOpen={setEdited} />}
      </Stack>
      {edited !== undefined && (
        <Dialog size="xl" onClose={close} title={edited ? `Release policy ${edited.key}` : "Create a release policy"}>
          <PolicyForm
            project={project}
            initial={edited ? draftOfPolicy(edited) : newPolicy}
            version={edited?.version}
            onClose={close}
          />
        </Dialog>
      )}
    </Panel>
  );
}

interface TableProps {
  policies: readonly ReleasePolicy[];
  onOpen: (policy: ReleasePolicy) => void;
}

function PolicyTable({ policies, onOpen }: TableProps) {
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table verticalSpacing={6} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Policy</Table.Th>
            <Table.Th>Steps</Table.Th>
            <Table.Th>After a deployment that is</Table.Th>
            <Table.Th>Guards</Table.Th>
            <Table.Th visibleFrom="sm">Changed</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {policies.map((policy) => (
            <Table.Tr key={policy.key}>
              <Table.Td>
                <Button variant="subtle" size="compact-sm" px={4} onClick={() => onOpen(policy)}>
                  {policy.name}
                </Button>
              </Table.Td>
              <Table.Td>{stepsText(policy)}</Table.Td>
              <Table.Td>{readinessText(policy.deployment) || "–"}</Table.Td>
              <Table.Td>{policy.guards?.map(({ name }) => name).join(", ") || "–"}</Table.Td>
              <Table.Td visibleFrom="sm">
                <Ago at={policy.updatedAt} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
