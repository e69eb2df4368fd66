import { QueryCache, QueryClient } from "@tanstack/react-query";
import { hasStatus, ProblemError } from "./problem";

/** newQueryClient makes the one cache of server state. onSignedOut is called when the session has ended. */
export function newQueryClient(onSignedOut: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (hasStatus(error, 401)) {
          onSignedOut();
        }
      },
    }),
    defaultOptions: {
      queries: {
        // Events keep the cache current, so a page that was seen before can be shown at once.
        staleTime: 30_000,
        retry: (failures, error) => failures < 2 && !isFinal(error),
      },
    },
  });
}

/** An answer below 500 would be the same the next time. */
function isFinal(error: unknown): boolean {
  return error instanceof ProblemError && error.status >= 400 && error.status < 500;
}
