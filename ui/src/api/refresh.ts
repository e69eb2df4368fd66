import type { QueryClient } from "@tanstack/react-query";
import { refreshFlag } from "./flags";
import { keys } from "./keys";
import type { Change } from "./types";

/** If changes name more flags than this at once, all flags are loaded as a whole. */
const manyFlags = 20;

/** refresh renews what the changes name, and nothing else. */
export async function refresh(client: QueryClient, project: string, changes: readonly Change[]): Promise<void> {
  const flags = new Set<string>();
  const stale = new Map<string, readonly unknown[]>();
  const mark = (key: readonly unknown[]) => stale.set(JSON.stringify(key), key);
  for (const change of changes) {
    mark(keys.changes(project, change.environment));
    if (change.kind === "flag" || change.kind === "flagConfig" || change.kind === "release" || change.kind === "kill") {
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
    // Both decide what is served, and both say it.
    case "flagConfig":
    case "kill":
    case "release":
      return [keys.flagConfig(project, environment, key), keys.release(project, environment, key)];
    case "segment":
      return [keys.segments(project)];
    case "sdkKey":
      return [keys.sdkKeys(project, environment)];
    case "releasePolicy":
      return [keys.releasePolicies(project)];
    case "webhook":
      return [keys.webhooks(project)];
    case "deployment":
      return [
        keys.deployments(project, environment),
        keys.fleet(project, environment),
        keys.releases(project, environment),
        keys.flagConfigs(project),
      ];
  }
}
