import { Button, Group, Stack } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { deploymentsQuery } from "../../api/deployments";
import type { Environment } from "../../api/types";
import { EmptyState } from "../../components/EmptyState";
import { EnvironmentTabs } from "../../components/EnvironmentTabs";
import { PageTitle } from "../../components/PageTitle";
import { ProblemAlert } from "../../components/ProblemAlert";
import { Rows } from "../../components/Rows";
import { useEnvironment, useEnvironments, useProject } from "../../shell/useProject";
import { DeploymentFilters } from "./DeploymentFilters";
import { DeploymentTable } from "./DeploymentTable";
import { FleetSummary } from "./FleetSummary";
import { NoDeployments } from "./NoDeployments";

const route = getRouteApi("/app/projects/$project/deployments");

/** DeploymentsPage is which version of which service runs where, and how it came there. */
export function DeploymentsPage() {
  const { env } = route.useSearch();
  const environments = useEnvironments();
  const environment = useEnvironment(env);
  return (
    <Stack gap="sm">
      <PageTitle title="Deployments" />
      <EnvironmentTabs environments={environments} selected={environment?.key ?? ""} />
      {environment && <Deployments key={environment.key} environment={environment} />}
    </Stack>
  );
}

function Deployments({ environment }: { environment: Environment }) {
  const project = useProject();
  const { service, strategy } = route.useSearch();
  const filtered = service !== undefined || strategy !== undefined;
  const deployments = useInfiniteQuery(deploymentsQuery(project, environment.key, { service, strategy }));
  const items = deployments.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="sm">
      <FleetSummary project={project} environment={environment.key} />
      <ProblemAlert error={deployments.error} />
      {deployments.isPending && <Rows count={8} />}
      {(filtered || items.length > 0) && (
        <DeploymentFilters project={project} environment={environment.key} service={service} strategy={strategy} />
      )}
      {deployments.isSuccess && items.length === 0 && !filtered && (
        <NoDeployments project={project} environment={environment.key} />
      )}
      {deployments.isSuccess && items.length === 0 && filtered && (
        <EmptyState title="No such deployments">None that was reported here is of this kind.</EmptyState>
      )}
      {items.length > 0 && <DeploymentTable deployments={items} />}
      {deployments.hasNextPage && (
        <Group justify="center">
          <Button
            variant="default"
            loading={deployments.isFetchingNextPage}
            onClick={() => void deployments.fetchNextPage()}
          >
            Older deployments
          </Button>
        </Group>
      )}
    </Stack>
  );
}
