import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type WriteOptions, writeHeaders } from "./client";
import { refreshFlag } from "./flags";
import { keys } from "./keys";
import { hasStatus } from "./problem";
import type { Release, ReleaseSpec, ReleaseVerb } from "./types";

/** releaseQuery loads the flag's latest release, null where there never was one. */
export function releaseQuery(project: string, environment: string, flag: string) {
  return queryOptions({
    queryKey: keys.release(project, environment, flag),
    queryFn: async (): Promise<Release | null> => {
      try {
        return await answer(
          api.GET("/projects/{project}/environments/{environment}/flags/{flag}/release", {
            params: { path: { project, environment, flag } },
          }),
        );
      } catch (error) {
        if (hasStatus(error, 404)) {
          return null;
        }
        throw error;
      }
    },
  });
}

/** releaseMeasurementsQuery loads what the guards of the release have measured over time. */
export function releaseMeasurementsQuery(project: string, environment: string, flag: string) {
  return queryOptions({
    queryKey: keys.releaseMeasurements(project, environment, flag),
    queryFn: () =>
      answer(
        api.GET("/projects/{project}/environments/{environment}/flags/{flag}/release/measurements", {
          params: { path: { project, environment, flag } },
        }),
      ),
  });
}

function useReleaseWrite<Variables>(
  project: string,
  environment: string,
  flag: string,
  write: (variables: Variables) => Promise<Release>,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSettled: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: keys.release(project, environment, flag) }),
        client.invalidateQueries({ queryKey: keys.flagConfig(project, environment, flag) }),
        refreshFlag(client, project, flag),
      ]);
    },
  });
}

export function usePutRelease(project: string, environment: string, flag: string) {
  return useReleaseWrite(project, environment, flag, ({ spec, ...options }: { spec: ReleaseSpec } & WriteOptions) =>
    answer(
      api.PUT("/projects/{project}/environments/{environment}/flags/{flag}/release", {
        params: { path: { project, environment, flag }, header: writeHeaders(options) },
        body: spec,
      }),
    ),
  );
}

/** useApproveRelease approves the next step that needs it. */
export function useApproveRelease(project: string, environment: string, flag: string) {
  return useReleaseWrite(project, environment, flag, (body: { step?: number; reason: string }) =>
    answer(
      api.POST("/projects/{project}/environments/{environment}/flags/{flag}/release/approve", {
        params: { path: { project, environment, flag } },
        body,
      }),
    ),
  );
}

/** useMoveRelease applies a verb; step is that to promote to. */
export function useMoveRelease(project: string, environment: string, flag: string) {
  return useReleaseWrite(
    project,
    environment,
    flag,
    ({ verb, ...body }: { verb: ReleaseVerb; step?: number; reason?: string }) =>
      answer(
        api.POST("/projects/{project}/environments/{environment}/flags/{flag}/release/{verb}", {
          params: { path: { project, environment, flag, verb } },
          body,
        }),
      ),
  );
}
