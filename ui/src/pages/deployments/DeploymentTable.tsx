import { Badge, Table } from "@mantine/core";
import type { Deployment, DeploymentStatus } from "../../api/types";
import { Ago } from "../../components/Ago";
import { strategyText } from "../../domain/strategy";
import classes from "./DeploymentTable.module.css";

export function DeploymentTable({ deployments }: { deployments: readonly Deployment[] }) {
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label="Deployments, newest first">
      <Table verticalSpacing={6} horizontalSpacing="sm" highlightOnHover miw={680}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Service</Table.Th>
            <Table.Th>Version</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Strategy</Table.Th>
            <Table.Th>Source</Table.Th>
            <Table.Th>Started</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {deployments.map((deployment) => (
            <Row key={deployment.id} deployment={deployment} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Row({ deployment }: { deployment: Deployment }) {
  const { service, version, commit, status, strategy, trafficWeight, description, source, startedAt } = deployment;
  return (
    <Table.Tr title={description}>
      <Table.Td fw={600}>{service}</Table.Td>
      <Table.Td className={classes.version} title={commit}>
        {version}
      </Table.Td>
      <Table.Td>
        <StatusBadge status={status} />
      </Table.Td>
      <Table.Td>{strategyText(strategy, trafficWeight) || "–"}</Table.Td>
      <Table.Td>
        <SourceLink source={source} url={deployment.url} />
      </Table.Td>
      <Table.Td>
        <Ago at={startedAt} />
      </Table.Td>
    </Table.Tr>
  );
}

/** What was reported as a url is a link only if it is one for browsers. */
function SourceLink({ source, url }: { source: string; url: string | undefined }) {
  if (!url || !/^https?:\/\//i.test(url)) {
    return <>{source}</>;
  }
  return (
    <a className="link" href={url} rel="noreferrer noopener" target="_blank">
      {source}
    </a>
  );
}

const statuses: Record<DeploymentStatus, { color: string; label: string }> = {
  started: { color: "cyan", label: "… started" },
  succeeded: { color: "green", label: "✓ succeeded" },
  failed: { color: "red", label: "✗ failed" },
  refused: { color: "gray", label: "⊘ refused" },
  abandoned: { color: "gray", label: "– abandoned" },
  rolledBack: { color: "orange", label: "↩ rolled back" },
};

function StatusBadge({ status }: { status: DeploymentStatus }) {
  const { color, label } = statuses[status];
  return (
    <Badge size="sm" variant="outline" color={color} c="inherit" tt="none" fw={500}>
      {label}
    </Badge>
  );
}
