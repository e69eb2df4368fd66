import { Group, Select } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { DeploymentFilter } from "../../api/deployments";
import type { DeploymentStrategy } from "../../api/types";
import { strategies, strategyText } from "../../domain/strategy";
import { useServices } from "../flag/useServices";

interface Props extends DeploymentFilter {
  project: string;
  environment: string;
}

const choices = strategies.map((value) => ({ value, label: strategyText(value, undefined) }));

/** DeploymentFilters keeps in the address which deployments are shown. */
export function DeploymentFilters({ project, environment, service, strategy }: Props) {
  const services = useServices(project, environment);
  const navigate = useNavigate();
  const show = (filter: DeploymentFilter) =>
    void navigate({ to: ".", search: (search: object) => ({ ...search, ...filter }), replace: true });
  return (
    <Group gap="xs" role="search" aria-label="Deployments">
      <Select
        aria-label="Service"
        placeholder="Any service"
        w={180}
        clearable
        searchable
        data={service && !services.includes(service) ? [...services, service] : services}
        value={service ?? null}
        onChange={(chosen) => show({ service: chosen ?? undefined })}
      />
      <Select
        aria-label="Strategy"
        placeholder="Any strategy"
        w={150}
        clearable
        data={choices}
        value={strategy ?? null}
        onChange={(chosen) => show({ strategy: (chosen ?? undefined) as DeploymentStrategy | undefined })}
      />
    </Group>
  );
}
