import { useQuery } from "@tanstack/react-query";
import { releaseQuery } from "../../../api/releases";
import type { Environment, Flag, Release } from "../../../api/types";
import { isWatched } from "../../../domain/guard";

const waitsEvery = 5_000;

interface Found {
  /** null where there never was a release, undefined while it is loading. */
  release: Release | null | undefined;
  error: unknown;
}

/** useRelease gives the flag's latest release; the flag tells whether there is one to ask for. */
export function useRelease(project: string, flag: Flag, environment: Environment): Found {
  const exists = flag.environments[environment.key]?.release !== undefined;
  const { data, error } = useQuery({
    ...releaseQuery(project, environment.key, flag.key),
    enabled: exists,
    // What it waits for may change while the release itself does not, for instance the number of instances.
    refetchInterval: ({ state }) => (state.data?.waits?.length || isWatched(state.data) ? waitsEvery : false),
  });
  return exists ? { release: data, error } : { release: null, error: null };
}
