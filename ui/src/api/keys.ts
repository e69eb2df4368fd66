// The keys of the query cache. Invalidating a prefix refreshes everything below it.
export const keys = {
  session: ["session"] as const,
  projects: ["projects"] as const,
  project: (project: string) => ["project", project] as const,
  environments: (project: string) => ["project", project, "environments"] as const,
  flagLists: (project: string) => ["project", project, "flags"] as const,
  flags: (project: string, archived: boolean) => ["project", project, "flags", { archived }] as const,
  flag: (project: string, flag: string) => ["project", project, "flag", flag] as const,
  flagConfigs: (project: string) => ["project", project, "flagConfig"] as const,
  flagConfig: (project: string, environment: string, flag: string) =>
    ["project", project, "flagConfig", environment, flag] as const,
  releases: (project: string, environment: string) => ["project", project, "releases", environment] as const,
  release: (project: string, environment: string, flag: string) =>
    ["project", project, "releases", environment, flag] as const,
  deployments: (project: string, environment: string) => ["project", project, "deployments", environment] as const,
  fleet: (project: string, environment: string) => ["project", project, "fleet", environment] as const,
  gates: (project: string, environment: string) => ["project", project, "gates", environment] as const,
  changes: (project: string, environment: string) => ["project", project, "changes", environment] as const,
  segments: (project: string) => ["project", project, "segments"] as const,
  segment: (project: string, segment: string) => ["project", project, "segments", segment] as const,
  sdkKeys: (project: string, environment: string) => ["project", project, "sdkKeys", environment] as const,
  releaseMeasurements: (project: string, environment: string, flag: string) =>
    ["project", project, "releases", environment, flag, "measurements"] as const,
  releasePolicies: (project: string) => ["project", project, "releasePolicies"] as const,
  webhooks: (project: string) => ["project", project, "webhooks"] as const,
  webhook: (project: string, id: string) => ["project", project, "webhooks", id] as const,
  deliveries: (project: string, id: string) => ["project", project, "webhooks", id, "deliveries"] as const,
  delivery: (project: string, id: string, delivery: string) =>
    ["project", project, "webhooks", id, "deliveries", delivery] as const,
  accessTokens: ["accessTokens"] as const,
};
