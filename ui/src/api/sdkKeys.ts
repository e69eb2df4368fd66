import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "./client";
import { keys } from "./keys";
import type { SDKKeyCreate } from "./types";

export function sdkKeysQuery(project: string, environment: string) {
  return queryOptions({
    queryKey: keys.sdkKeys(project, environment),
    queryFn: async () =>
      (
        await answer(
          api.GET("/projects/{project}/environments/{environment}/sdk-keys", {
            params: { path: { project, environment } },
          }),
        )
      ).items,
  });
}

export function useCreateSDKKey(project: string, environment: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: SDKKeyCreate) =>
      answer(
        api.POST("/projects/{project}/environments/{environment}/sdk-keys", {
          params: { path: { project, environment } },
          body,
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.sdkKeys(project, environment) }),
  });
}

export function useRevokeSDKKey(project: string, environment: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      answer(
        api.DELETE("/projects/{project}/environments/{environment}/sdk-keys/{id}", {
          params: { path: { project, environment, id } },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.sdkKeys(project, environment) }),
  });
}
