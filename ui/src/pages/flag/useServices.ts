import { useInfiniteQuery } from "@tanstack/react-query";
import { deploymentsQuery } from "../../api/deployments";

/** useServices names the services that were deployed lately. */
export function useServices(project: string, environment: string): string[] {
  const { data } = useInfiniteQuery(deploymentsQuery(project, environment));
  const services = data?.pages.flatMap(({ items }) => items.map(({ service }) => service)) ?? [];
  return [...new Set(services)].sort();
}
