import { Button, Stack, Table } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { segmentsQuery } from "../../api/segments";
import { usePermission } from "../../api/session";
import type { Segment } from "../../api/types";
import { Ago } from "../../components/Ago";
import { EmptyState } from "../../components/EmptyState";
import { Hinted } from "../../components/Hinted";
import { PageTitle } from "../../components/PageTitle";
import { Panel } from "../../components/Panel";
import { ProblemAlert } from "../../components/ProblemAlert";
import { Rows } from "../../components/Rows";
import { useProject } from "../../shell/useProject";
import { SegmentDialog } from "./SegmentDialog";

/** SegmentsPage lists the named sets of contexts; they are the same in all environments. */
export function SegmentsPage() {
  const project = useProject();
  const segments = useQuery(segmentsQuery(project));
  const allowed = usePermission("editor", project);
  const [edited, setEdited] = useState<string | null>();
  return (
    <Stack gap="sm">
      <PageTitle title="Segments" beside={segments.data?.length}>
        <Hinted allowed={allowed} role="editor">
          <Button leftSection={<IconPlus size={14} />} disabled={!allowed} onClick={() => setEdited(null)}>
            Create segment
          </Button>
        </Hinted>
      </PageTitle>
      <ProblemAlert error={segments.error} />
      {segments.isPending && <Rows count={5} />}
      {segments.data?.length === 0 && (
        <EmptyState title="No segments yet">
          A segment names a set of people or machines once, such as beta testers or the staff, so that the rules of many
          flags can use it.
        </EmptyState>
      )}
      {segments.data && segments.data.length > 0 && <SegmentTable segments={segments.data} onOpen={setEdited} />}
      {edited !== undefined && (
        <SegmentDialog project={project} segmentKey={edited ?? undefined} onClose={() => setEdited(undefined)} />
      )}
    </Stack>
  );
}

interface TableProps {
  segments: readonly Segment[];
  onOpen: (key: string) => void;
}

function SegmentTable({ segments, onOpen }: TableProps) {
  return (
    <Panel title="Used by the rules of all environments">
      <Table verticalSpacing={6} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Key</Table.Th>
            <Table.Th>Keys</Table.Th>
            <Table.Th>Rules</Table.Th>
            <Table.Th visibleFrom="sm">Changed</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {segments.map(({ key, name, included, excluded, rules, updatedAt }) => (
            <Table.Tr key={key}>
              <Table.Td>
                <Button variant="subtle" size="compact-sm" px={4} onClick={() => onOpen(key)}>
                  {key}
                </Button>{" "}
                {name !== key && name}
              </Table.Td>
              <Table.Td>
                {included.length}
                {excluded.length > 0 && `, without ${excluded.length}`}
              </Table.Td>
              <Table.Td>{rules.length}</Table.Td>
              <Table.Td visibleFrom="sm">
                <Ago at={updatedAt} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}
