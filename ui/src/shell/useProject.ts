import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { environmentsQuery } from "../api/projects";
import type { Environment } from "../api/types";

/** useProject gives the key of the project that the page is about. */
export function useProject(): string {
  return useParams({ from: "/app/projects/$project" }).project;
}

/** useEnvironments gives the project's environments in their order; the route has loaded them. */
export function useEnvironments(): Environment[] {
  return useSuspenseQuery(environmentsQuery(useProject())).data;
}

/**
 * useEnvironment gives the environment that the address names. If there is no environment of that key, it gives
 * undefined, because people would mistake another environment for it. An address without a key means production, else
 * the last one.
 */
export function useEnvironment(named: string | undefined): Environment | undefined {
  const environments = useEnvironments();
  if (named !== undefined) {
    return environments.find(({ key }) => key === named);
  }
  return environments.find(({ production }) => production) ?? environments.at(-1);
}
