import { type QueryClient, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type WriteOptions, writeHeaders } from "./client";
import { keys } from "./keys";
import type { Flag, FlagCreate, FlagPatch } from "./types";

const pageSize = 1000;

/** flagsQuery loads every flag of the project: the matrix filters and sorts without asking again. */
export function flagsQuery(project: string, archived = false) {
  return queryOptions({
    queryKey: keys.flags(project, archived),
    queryFn: async () => {
      const flags: Flag[] = [];
      let cursor: string | undefined;
      do {
        const query = { archived, limit: pageSize, ...(cursor === undefined ? {} : { cursor }) };
        const page = await answer(api.GET("/projects/{project}/flags", { params: { path: { project }, query } }));
        flags.push(...page.items);
        cursor = page.next;
      } while (cursor);
      return flags;
    },
  });
}

export function flagQuery(project: string, flag: string) {
  return queryOptions({
    queryKey: keys.flag(project, flag),
    queryFn: () => answer(api.GET("/projects/{project}/flags/{flag}", { params: { path: { project, flag } } })),
  });
}

/**
 * refreshFlag fetches one flag and puts it where it is shown, the list included: a change of one flag does not
 * load a thousand others. Where that fails, the lists are loaded anew and show what is wrong.
 */
export async function refreshFlag(client: QueryClient, project: string, key: string): Promise<void> {
  try {
    placeFlag(client, project, await client.fetchQuery({ ...flagQuery(project, key), staleTime: 0 }));
  } catch {
    await client.invalidateQueries({ queryKey: keys.flagLists(project) });
  }
}

function placeFlag(client: QueryClient, project: string, flag: Flag): void {
  for (const archived of [false, true]) {
    client.setQueryData(
      flagsQuery(project, archived).queryKey,
      (flags) => flags && mergeFlag(flags, flag, flag.archived === archived),
    );
  }
}

/** mergeFlag gives the list, by key, with the flag in it or, unless it belongs there, without it. */
export function mergeFlag(flags: readonly Flag[], flag: Flag, belongs: boolean): Flag[] {
  const others = flags.filter((other) => other.key !== flag.key);
  if (!belongs) {
    return others;
  }
  const known = flags.findIndex((other) => other.key === flag.key);
  const next = others.findIndex((other) => other.key > flag.key);
  const at = known >= 0 ? known : next >= 0 ? next : others.length;
  return [...others.slice(0, at), flag, ...others.slice(at)];
}

export function useCreateFlag(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ key, body }: { key: string; body: FlagCreate }) =>
      answer(api.PUT("/projects/{project}/flags/{flag}", { params: { path: { project, flag: key } }, body })),
    onSuccess: (flag) => placeFlag(client, project, flag),
  });
}

export function useUpdateFlag(project: string, flag: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ body, ...options }: { body: FlagPatch } & WriteOptions) =>
      answer(
        api.PATCH("/projects/{project}/flags/{flag}", {
          params: { path: { project, flag }, header: writeHeaders(options) },
          body,
        }),
      ),
    onSuccess: (updated) => {
      client.setQueryData(flagQuery(project, flag).queryKey, updated);
      placeFlag(client, project, updated);
    },
  });
}

export function useArchiveFlag(project: string, flag: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (options: WriteOptions) =>
      answer(
        api.DELETE("/projects/{project}/flags/{flag}", {
          params: { path: { project, flag }, header: writeHeaders(options) },
        }),
      ),
    onSuccess: () => refreshFlag(client, project, flag),
  });
}
