import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type WriteOptions, writeHeaders } from "./client";
import { keys } from "./keys";
import type { ReleasePolicyWrite } from "./types";

/** releasePoliciesQuery loads the ways to release that the project's flags share. */
export function releasePoliciesQuery(project: string) {
  return queryOptions({
    queryKey: keys.releasePolicies(project),
    queryFn: async () =>
      (await answer(api.GET("/projects/{project}/release-policies", { params: { path: { project } } }))).items,
  });
}

interface PolicySave extends WriteOptions {
  policy: string;
  body: ReleasePolicyWrite;
}

/** useSaveReleasePolicy creates the policy where no version is given, and otherwise replaces what it says. */
export function useSaveReleasePolicy(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ policy, body, ...options }: PolicySave) => {
      const params = { path: { project, policy }, header: writeHeaders(options) };
      return options.version === undefined
        ? answer(api.PUT("/projects/{project}/release-policies/{policy}", { params, body }))
        : answer(api.PATCH("/projects/{project}/release-policies/{policy}", { params, body: replacing(body) }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keys.releasePolicies(project) }),
  });
}

/** replacing makes a merge patch that leaves nothing of what was asked of deployments before. */
function replacing({ deployment, ...rest }: ReleasePolicyWrite): ReleasePolicyWrite {
  const nothing: object = { healthyFor: null, minInstances: null, minShare: null };
  return { ...rest, deployment: { ...nothing, ...deployment } };
}

export function useDeleteReleasePolicy(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ policy, ...options }: { policy: string } & WriteOptions) =>
      answer(
        api.DELETE("/projects/{project}/release-policies/{policy}", {
          params: { path: { project, policy }, header: writeHeaders(options) },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.releasePolicies(project) }),
  });
}
