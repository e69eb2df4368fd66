import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type WriteOptions, writeHeaders } from "./client";
import { keys } from "./keys";
import type { EnvironmentWrite } from "./types";

export const projectsQuery = queryOptions({
  queryKey: keys.projects,
  queryFn: async () => (await answer(api.GET("/projects"))).items,
});

export function environmentsQuery(project: string) {
  return queryOptions({
    queryKey: keys.environments(project),
    queryFn: async () =>
      (await answer(api.GET("/projects/{project}/environments", { params: { path: { project } } }))).items,
    staleTime: 60_000,
  });
}

interface EnvironmentSave extends WriteOptions {
  environment: string;
  body: EnvironmentWrite;
}

export function useCreateEnvironment(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ environment, body, ...options }: EnvironmentSave) =>
      answer(
        api.PUT("/projects/{project}/environments/{environment}", {
          params: { path: { project, environment }, header: writeHeaders(options) },
          body,
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.project(project) }),
  });
}

export function useUpdateEnvironment(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ environment, body, ...options }: EnvironmentSave) =>
      answer(
        api.PATCH("/projects/{project}/environments/{environment}", {
          params: { path: { project, environment }, header: writeHeaders(options) },
          body,
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.environments(project) }),
  });
}
