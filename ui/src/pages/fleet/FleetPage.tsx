import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { fleetQuery } from "../../api/deployments";
import type { Environment } from "../../api/types";
import { EmptyState } from "../../components/EmptyState";
import { EnvironmentTabs } from "../../components/EnvironmentTabs";
import { PageTitle } from "../../components/PageTitle";
import { ProblemAlert } from "../../components/ProblemAlert";
import { Rows } from "../../components/Rows";
import { useEnvironment, useEnvironments, useProject } from "../../shell/useProject";
import { GateCheck } from "./GateCheck";
import { ServicePanel } from "./ServicePanel";

const route = getRouteApi("/app/projects/$project/fleet");

/** FleetPage is who is alive, what each serves, and what may be deployed or gone back to. */
export function FleetPage() {
  const { env } = route.useSearch();
  const environments = useEnvironments();
  const environment = useEnvironment(env);
  return (
    <Stack gap="sm">
      <PageTitle title="Fleet" />
      <EnvironmentTabs environments={environments} selected={environment?.key ?? ""} />
      {environment && <Services key={environment.key} environment={environment} />}
    </Stack>
  );
}

function Services({ environment }: { environment: Environment }) {
  const project = useProject();
  const { data: fleet, error, isPending } = useQuery(fleetQuery(project, environment.key));
  const services = fleet?.services ?? [];
  return (
    <Stack gap="sm">
      <GateCheck project={project} environment={environment.key} services={services.map(({ service }) => service)} />
      <ProblemAlert error={error} />
      {isPending && <Rows count={6} />}
      {fleet && services.length === 0 && (
        <EmptyState title="Nobody has said that it is alive">
          Instances appear here by themselves when an SDK tells its service, version and instance, or by POST
          /sdk/v1/instances.
        </EmptyState>
      )}
      {fleet &&
        services.map((service) => <ServicePanel key={service.service} service={service} revision={fleet.revision} />)}
    </Stack>
  );
}
