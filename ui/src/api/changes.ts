import { infiniteQueryOptions } from "@tanstack/react-query";
import { answer, api } from "./client";
import { keys } from "./keys";
import type { ChangeKind } from "./types";

export interface ChangeFilter {
  kind?: ChangeKind | undefined;
  key?: string | undefined;
}

export function changesQuery(project: string, environment: string, { kind, key }: ChangeFilter = {}) {
  return infiniteQueryOptions({
    queryKey: [...keys.changes(project, environment), { kind, key }],
    initialPageParam: "",
    queryFn: ({ pageParam }) =>
      answer(
        api.GET("/projects/{project}/environments/{environment}/changes", {
          params: {
            path: { project, environment },
            query: {
              limit: 50,
              ...(kind ? { kind } : {}),
              ...(key ? { key } : {}),
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.next,
  });
}
