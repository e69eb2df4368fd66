import { Alert, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { flagConfigQuery } from "../../api/flagConfig";
import type { Environment, Flag } from "../../api/types";
import { Ago } from "../../components/Ago";
import { KillButton } from "../../components/KillButton";
import { Dark } from "./Dark";

interface Props {
  project: string;
  flag: Flag;
  environment: Environment;
}

/** KillBar tells above everything else that a flag is killed, by whom and why, and has the switch that restores it. */
export function KillBar({ project, flag, environment }: Props) {
  const { data: config } = useQuery(flagConfigQuery(project, environment.key, flag.key));
  if (!config?.killed) {
    return null;
  }
  const { reason, by, at } = config.killed;
  return (
    <Alert color="red" variant="outline" title={`Killed in ${environment.name || environment.key}`}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" component="div" style={{ flex: "1 1 200px" }}>
          By {by}, <Ago at={at} />
          {reason && <>: “{reason}”</>}. {config.serving.sentence}
          <Dark project={project} environment={environment} revision={config.revision} />
        </Text>
        <KillButton project={project} environment={environment} flag={flag.key} killed />
      </Group>
    </Alert>
  );
}
