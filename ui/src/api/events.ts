import type { QueryClient } from "@tanstack/react-query";
import { keys } from "./keys";
import { ProjectStream, type StreamState } from "./projectStream";
import { refresh } from "./refresh";
import type { Change } from "./types";

/** Changes that come together are answered by one refresh. */
const gatherFor = 40;

/**
 * follow keeps the cache of one project current from the server's event stream, until the function that it returns
 * is called.
 */
export function follow(client: QueryClient, project: string, onState: (state: StreamState) => void): () => void {
  const gathered: Change[] = [];
  let timer: number | undefined;
  const flush = () => {
    timer = undefined;
    void refresh(client, project, gathered.splice(0));
  };
  const stream = new ProjectStream(project, {
    onState,
    onChange: (change) => {
      gathered.push(change);
      timer ??= window.setTimeout(flush, gatherFor);
    },
    onResync: () => void client.invalidateQueries({ queryKey: keys.project(project) }),
  });
  return () => {
    stream.close();
    window.clearTimeout(timer);
  };
}
