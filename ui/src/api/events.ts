import type { QueryClient } from "@tanstack/react-query";
import { refreshFlag } from "./flags";
import { keys } from "./keys";
import type { Change } from "./types";

export type StreamState = "connecting" | "open" | "lost";

/** What is named by more changes than this at once is loaded as a whole. */
const manyFlags = 20;
/** Changes that come together are answered by one refresh. */
const gatherFor = 40;
const firstRetry = 1_000;
const lastRetry = 15_000;

/**
 * follow keeps the cache of one project current from the server's event stream, until the function that it returns
 * is called. EventSource reconnects by itself, except after an error status: then follow opens it anew, later and
 * later.
 */
export function follow(client: QueryClient, project: string, onState: (state: StreamState) => void): () => void {
  const gathered: Change[] = [];
  let source: EventSource | undefined;
  let gatherTimer: number | undefined;
  let retryTimer: number | undefined;
  let retryIn = firstRetry;
  let lost = false;

  const flush = () => {
    gatherTimer = undefined;
    void refresh(client, project, gathered.splice(0));
  };
  const onChange = (event: MessageEvent<string>) => {
    gathered.push(JSON.parse(event.data) as Change);
    gatherTimer ??= window.setTimeout(flush, gatherFor);
  };
  const refreshAll = () => void client.invalidateQueries({ queryKey: keys.project(project) });

  const open = () => {
    source = new EventSource(`/api/v1/projects/${encodeURIComponent(project)}/events`);
    source.addEventListener("change", onChange);
    source.addEventListener("resync", refreshAll);
    source.onopen = () => {
      retryIn = firstRetry;
      onState("open");
      if (lost) {
        refreshAll();
      }
      lost = false;
    };
    source.onerror = () => {
      lost = true;
      onState("lost");
      if (source?.readyState === EventSource.CLOSED) {
        retryTimer = window.setTimeout(open, retryIn);
        retryIn = Math.min(retryIn * 2, lastRetry);
      }
    };
  };

  onState("connecting");
  open();
  return () => {
    source?.close();
    window.clearTimeout(gatherTimer);
    window.clearTimeout(retryTimer);
  };
}

/** refresh renews what the changes name, and nothing else. */
export async function refresh(client: QueryClient, project: string, changes: readonly Change[]): Promise<void> {
  const flags = new Set<string>();
  const stale = new Map<string, readonly unknown[]>();
  const mark = (key: readonly unknown[]) => stale.set(JSON.stringify(key), key);
  for (const change of changes) {
    mark(keys.changes(project, change.environment));
    if (change.kind === "flag" || change.kind === "flagConfig" || change.kind === "release") {
      flags.add(change.key);
    }
    for (const key of staleAfter(project, change)) {
      mark(key);
    }
  }
  const refreshes = [...stale.values()].map((queryKey) => client.invalidateQueries({ queryKey }));
  if (flags.size > manyFlags) {
    refreshes.push(client.invalidateQueries({ queryKey: keys.flagLists(project) }));
  } else {
    refreshes.push(...[...flags].map((flag) => refreshFlag(client, project, flag)));
  }
  await Promise.all(refreshes);
}

function staleAfter(project: string, { kind, key, environment }: Change): (readonly unknown[])[] {
  switch (kind) {
    case "project":
      return [keys.projects];
    case "environment":
      return [keys.environments(project), keys.flagLists(project)];
    case "flag":
      return [keys.flag(project, key)];
    case "flagConfig":
      return [keys.flagConfig(project, environment, key)];
    case "release":
      return [keys.release(project, environment, key), keys.flagConfig(project, environment, key)];
    case "segment":
      return [keys.segments(project)];
    case "sdkKey":
      return [keys.sdkKeys(project, environment)];
    case "deployment":
      return [
        keys.deployments(project, environment),
        keys.fleet(project, environment),
        keys.releases(project, environment),
        keys.flagConfigs(project),
      ];
  }
}
