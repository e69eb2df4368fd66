import { Alert, Group, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { flagQuery } from "../../api/flags";
import type { Environment, Flag } from "../../api/types";
import { EnvironmentTabs } from "../../components/EnvironmentTabs";
import { KillButton } from "../../components/KillButton";
import { ProblemAlert } from "../../components/ProblemAlert";
import { Rows } from "../../components/Rows";
import type { FlagTab } from "../../search";
import { useEnvironment, useEnvironments, useProject } from "../../shell/useProject";
import { CodeTab } from "./CodeTab";
import { EnvironmentState } from "./EnvironmentState";
import { FlagHeader } from "./FlagHeader";
import { FlagTabs } from "./FlagTabs";
import { HistoryTab } from "./HistoryTab";
import { KillBar } from "./KillBar";
import { Targeting } from "./targeting/Targeting";
import { TryTab } from "./try/TryTab";
import { VariationsTab } from "./VariationsTab";

const route = getRouteApi("/app/projects/$project/flags/$flag");

/** FlagPage is everything about one flag: its tabs are for the environment that is chosen above them. */
export function FlagPage() {
  const project = useProject();
  const { flag: key } = route.useParams();
  const { env, tab = "targeting" } = route.useSearch();
  const environments = useEnvironments();
  const environment = useEnvironment(env);
  const { data: flag, error } = useQuery(flagQuery(project, key));
  return (
    <Stack gap="sm">
      <ProblemAlert error={error} />
      {flag ? <FlagHeader key={key} project={project} flag={flag} /> : !error && <Rows count={1} height={60} />}
      {flag?.archived && (
        <Alert color="gray" variant="outline">
          This flag is archived: applications get their code default. Its key is never used again.
        </Alert>
      )}
      <EnvironmentTabs
        // The tabs are wider once the flag is there: the chosen one has to come into view again.
        key={flag ? "loaded" : "loading"}
        environments={environments}
        selected={environment?.key ?? ""}
        beside={({ key: other }) => <EnvironmentState flag={flag} environment={other} />}
      />
      {flag && environment && !flag.archived && <KillBar project={project} flag={flag} environment={environment} />}
      <Group justify="space-between" gap="xs">
        <FlagTabs selected={tab} />
        {flag && environment && !flag.environments[environment.key]?.killed && !flag.archived && (
          <KillButton project={project} environment={environment} flag={flag.key} killed={false} />
        )}
      </Group>
      {flag && environment && (
        <TabContent key={key} tab={tab} project={project} flag={flag} environment={environment} />
      )}
      {!flag && !error && <Rows count={4} height={80} />}
    </Stack>
  );
}

interface ContentProps {
  tab: FlagTab;
  project: string;
  flag: Flag;
  environment: Environment;
}

function TabContent({ tab, ...props }: ContentProps) {
  switch (tab) {
    case "targeting":
      return <Targeting {...props} />;
    case "variations":
      return <VariationsTab project={props.project} flag={props.flag} />;
    case "try":
      return <TryTab key={props.environment.key} {...props} />;
    case "history":
      return <HistoryTab {...props} />;
    case "code":
      return <CodeTab {...props} />;
  }
}
