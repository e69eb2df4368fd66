import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api } from "./client";
import { keys } from "./keys";
import type { DeploymentStrategy } from "./types";

export interface DeploymentFilter {
  service?: string | undefined;
  strategy?: DeploymentStrategy | undefined;
}

export function deploymentsQuery(project: string, environment: string, { service, strategy }: DeploymentFilter = {}) {
  return infiniteQueryOptions({
    queryKey: [...keys.deployments(project, environment), { service, strategy }],
    initialPageParam: "",
    queryFn: ({ pageParam }) =>
      answer(
        api.GET("/projects/{project}/environments/{environment}/deployments", {
          params: {
            path: { project, environment },
            query: {
              limit: 50,
              ...(service && { service }),
              ...(strategy && { strategy }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.next,
  });
}

/** The fleet has no events of its own: instances come and go with their streams. */
const fleetRefresh = 10_000;

export function fleetQuery(project: string, environment: string) {
  return queryOptions({
    queryKey: keys.fleet(project, environment),
    queryFn: () =>
      answer(
        api.GET("/projects/{project}/environments/{environment}/fleet", {
          params: { path: { project, environment } },
        }),
      ),
    refetchInterval: fleetRefresh,
  });
}

/** gatesQuery asks about a version; without a question it waits for one. */
export function gatesQuery(project: string, environment: string, question?: { service: string; version: string }) {
  return queryOptions({
    queryKey: [...keys.gates(project, environment), question],
    enabled: question !== undefined,
    gcTime: 0,
    queryFn: () =>
      answer(
        api.GET("/projects/{project}/environments/{environment}/gates", {
          params: { path: { project, environment }, query: { ...question } },
        }),
      ),
  });
}
