import { Button, Stack } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { lazy, Suspense, useMemo } from "react";
import { flagsQuery } from "../../api/flags";
import { usePermission } from "../../api/session";
import { Hinted } from "../../components/Hinted";
import { PageTitle } from "../../components/PageTitle";
import { ProblemAlert } from "../../components/ProblemAlert";
import { Rows } from "../../components/Rows";
import { filterFlags } from "../../domain/flagFilter";
import type { FlagsSearch } from "../../search";
import { useEnvironments, useProject } from "../../shell/useProject";
import { FlagFilters } from "./FlagFilters";
import { FlagMatrix } from "./FlagMatrix";
import { NoFlags } from "./NoFlags";

const CreateFlag = lazy(async () => ({ default: (await import("./CreateFlag")).CreateFlag }));

const route = getRouteApi("/app/projects/$project/flags");

/** FlagsPage is the matrix of flags and environments. */
export function FlagsPage() {
  const project = useProject();
  const environments = useEnvironments();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const flags = useQuery(flagsQuery(project, search.state === "archived"));
  const shown = useMemo(() => filterFlags(flags.data ?? [], search), [flags.data, search]);
  const mayCreate = usePermission("editor", project);

  const change = (part: FlagsSearch) => void navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  return (
    <Stack gap="xs">
      <PageTitle title="Flags" beside={flags.data && countText(shown.length, flags.data.length)}>
        <Hinted allowed={mayCreate} role="editor">
          <Button leftSection={<IconPlus size={14} />} disabled={!mayCreate} onClick={() => change({ create: true })}>
            Create flag
          </Button>
        </Hinted>
      </PageTitle>
      <FlagFilters search={search} flags={flags.data ?? []} environments={environments} onChange={change} />
      <ProblemAlert error={flags.error} />
      {flags.isPending && <Rows count={12} />}
      {flags.data && shown.length > 0 && <FlagMatrix project={project} flags={shown} environments={environments} />}
      {flags.data && shown.length === 0 && (
        <NoFlags project={project} filtered={flags.data.length > 0} search={search} />
      )}
      {search.create && (
        <Suspense>
          <CreateFlag project={project} onClose={() => change({ create: undefined })} />
        </Suspense>
      )}
    </Stack>
  );
}

function countText(shown: number, all: number): string {
  return shown === all ? `${all}` : `${shown} of ${all}`;
}
