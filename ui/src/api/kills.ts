import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "./client";
import { flagConfigQuery } from "./flagConfig";
import { refreshFlag } from "./flags";
import { keys } from "./keys";

interface Kill {
  environment: string;
  flag: string;
  reason: string;
  /** restore takes the kill back. */
  restore: boolean;
}

/** useKill kills a flag in an environment, or restores it. */
export function useKill(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ environment, flag, reason, restore }: Kill) => {
      const request = { params: { path: { project, environment, flag } }, body: { reason } };
      return answer(
        restore
          ? api.POST("/projects/{project}/flags/{flag}/environments/{environment}/restore", request)
          : api.POST("/projects/{project}/flags/{flag}/environments/{environment}/kill", request),
      );
    },
    onSuccess: async (config, { environment, flag }) => {
      client.setQueryData(flagConfigQuery(project, environment, flag).queryKey, config);
      await Promise.all([
        refreshFlag(client, project, flag),
        client.invalidateQueries({ queryKey: keys.release(project, environment, flag) }),
      ]);
    },
  });
}
