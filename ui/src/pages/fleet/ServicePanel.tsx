import { Badge, Button, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import type { FleetService } from "../../api/types";
import { Ago } from "../../components/Ago";
import { Panel } from "../../components/Panel";
import { servedText, shadowText } from "../../domain/fleet";
import classes from "./ServicePanel.module.css";

interface Props {
  service: FleetService;
  /** The environment's revision now. */
  revision: number;
}

/** ServicePanel is one service: its versions and, if asked for, its instances. */
export function ServicePanel({ service, revision }: Props) {
  const [opened, setOpened] = useState(false);
  return (
    <Panel
      title={service.service}
      actions={
        <Button variant="subtle" size="compact-xs" aria-expanded={opened} onClick={() => setOpened(!opened)}>
          {opened ? "Hide instances" : `Show ${service.members.length} instances`}
        </Button>
      }
    >
      <Stack gap="xs">
        <Text size="sm">{[servedText(service, revision), shadowText(service)].filter(Boolean).join(" ")}</Text>
        <div className={classes.scroll} tabIndex={0} role="region" aria-label={`Versions of ${service.service}`}>
          <Table verticalSpacing={6} horizontalSpacing="sm" miw={520}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Version</Table.Th>
                <Table.Th>Instances</Table.Th>
                <Table.Th>With revision {revision}</Table.Th>
                <Table.Th>Oldest started</Table.Th>
                <Table.Th>Last seen</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {service.versions.map((version) => (
                <Table.Tr key={version.version}>
                  <Table.Td className={classes.code}>{version.version || "unknown"}</Table.Td>
                  <Table.Td>{version.instances}</Table.Td>
                  <Table.Td>{version.streaming > 0 ? `${version.current} of ${version.streaming}` : "–"}</Table.Td>
                  <Table.Td>
                    <Ago at={version.startedAt} />
                  </Table.Td>
                  <Table.Td>
                    <Ago at={version.seenAt} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
        {opened && <Members service={service} revision={revision} />}
      </Stack>
    </Panel>
  );
}

function Members({ service, revision }: Props) {
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={`Instances of ${service.service}`}>
      <Table verticalSpacing={4} horizontalSpacing="sm" miw={520}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Instance</Table.Th>
            <Table.Th>Version</Table.Th>
            <Table.Th>Revision</Table.Th>
            <Table.Th>Started</Table.Th>
            <Table.Th>Last seen</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {service.members.map((member) => (
            <Table.Tr key={member.id}>
              <Table.Td className={classes.code}>
                {member.id}{" "}
                {member.shadow && (
                  <Badge size="xs" variant="outline" color="gray">
                    shadow
                  </Badge>
                )}
                {member.doubtful && (
                  <Badge size="xs" variant="outline" color="yellow">
                    in doubt
                  </Badge>
                )}
              </Table.Td>
              <Table.Td className={classes.code}>{member.version || "unknown"}</Table.Td>
              <Table.Td>{member.revision ? revisionText(member.revision, revision) : "–"}</Table.Td>
              <Table.Td>
                <Ago at={member.startedAt} />
              </Table.Td>
              <Table.Td>
                <Ago at={member.seenAt} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function revisionText(served: number, revision: number): string {
  return served < revision ? `${served}, ${revision - served} behind` : String(served);
}
