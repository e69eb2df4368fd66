import { useQuery } from "@tanstack/react-query";
import { flagConfigQuery } from "../api/flagConfig";
import type { Environment } from "../api/types";

interface Props {
  project: string;
  environment: Environment;
  flag: string;
  killed: boolean;
}

/** KillEffect says what a flag serves now, and what it will once it is killed or restored. */
export function KillEffect({ project, environment, flag, killed }: Props) {
  const { data: config } = useQuery(flagConfigQuery(project, environment.key, flag));
  // It may be killed by somebody else while the question stands.
  const current = config && (config.killed !== undefined) === killed ? config : undefined;
  return (
    <>
      {current && (
        <>
          Now: {current.serving.sentence}
          <br />
          Then: {current.servingIfKilled.sentence}
          <br />
        </>
      )}
      {killed
        ? "A release that paused stays paused until it is resumed."
        : "The rules and the release do not count until it is restored. The configuration is kept."}
    </>
  );
}
