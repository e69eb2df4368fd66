import { useQuery } from "@tanstack/react-query";
import { fleetQuery } from "../../api/deployments";
import type { Environment } from "../../api/types";
import { darkText } from "../../domain/fleet";

interface Props {
  project: string;
  environment: Environment;
  /** The revision of the environment that killed the flag. */
  revision: number;
}

const askedEvery = 2_000;

/** Dark says which instances have the kill already, and which do not yet, by name. */
export function Dark({ project, environment, revision }: Props) {
  const { data: fleet } = useQuery({
    ...fleetQuery(project, environment.key),
    staleTime: 0,
    refetchInterval: askedEvery,
  });
  const text = fleet && darkText(fleet, revision);
  return text ? <div role="status">{text}</div> : null;
}
