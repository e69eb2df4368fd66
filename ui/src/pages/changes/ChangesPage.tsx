import { Group, Select, Stack, TextInput } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { ChangeList } from "../../components/ChangeList";
import { EnvironmentTabs } from "../../components/EnvironmentTabs";
import { PageTitle } from "../../components/PageTitle";
import { type ChangesSearch, changeKinds } from "../../search";
import { useEnvironment, useEnvironments, useProject } from "../../shell/useProject";

const route = getRouteApi("/app/projects/$project/changes");

/** ChangesPage is who changed what, when and why, in one environment. */
export function ChangesPage() {
  const project = useProject();
  const { env, kind, key } = route.useSearch();
  const navigate = route.useNavigate();
  const environments = useEnvironments();
  const environment = useEnvironment(env);
  const change = (part: ChangesSearch) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  return (
    <Stack gap="sm">
      <PageTitle title="Changes">
        <Group gap="xs">
          <Select
            aria-label="Kind of change"
            placeholder="Any kind"
            w={140}
            clearable
            data={[...changeKinds]}
            value={kind ?? null}
            onChange={(chosen) => change({ kind: changeKinds.find((item) => item === chosen) })}
          />
          <TextInput
            aria-label="Key"
            placeholder="Key, in full"
            w={180}
            value={key ?? ""}
            onChange={(event) => change({ key: event.currentTarget.value || undefined })}
          />
        </Group>
      </PageTitle>
      <EnvironmentTabs environments={environments} selected={environment?.key ?? ""} />
      {environment && <ChangeList project={project} environment={environment.key} filter={{ kind, key }} />}
    </Stack>
  );
}
