import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type WriteOptions, writeHeaders } from "./client";
import { refreshFlag } from "./flags";
import { keys } from "./keys";
import type { FlagConfigPatch } from "./types";

export function flagConfigQuery(project: string, environment: string, flag: string) {
  return queryOptions({
    queryKey: keys.flagConfig(project, environment, flag),
    queryFn: () =>
      answer(
        api.GET("/projects/{project}/flags/{flag}/environments/{environment}", {
          params: { path: { project, environment, flag } },
        }),
      ),
  });
}

interface ConfigSave extends WriteOptions {
  environment: string;
  flag: string;
  patch: FlagConfigPatch;
}

export function useUpdateFlagConfig(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ environment, flag, patch, ...options }: ConfigSave) =>
      answer(
        api.PATCH("/projects/{project}/flags/{flag}/environments/{environment}", {
          params: { path: { project, environment, flag }, header: writeHeaders(options) },
          body: patch,
        }),
      ),
    onSuccess: async (config, { environment, flag }) => {
      client.setQueryData(flagConfigQuery(project, environment, flag).queryKey, config);
      await refreshFlag(client, project, flag);
    },
  });
}

export function useExplain(project: string, environment: string, flag: string) {
  return useMutation({
    mutationFn: (context: Record<string, unknown>) =>
      answer(
        api.POST("/projects/{project}/flags/{flag}/environments/{environment}/explain", {
          params: { path: { project, environment, flag } },
          body: { context },
        }),
      ),
  });
}
