import { Spotlight, type SpotlightActionData } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { flagsQuery } from "../api/flags";
import { problemOf } from "../api/problem";
import { useProject } from "./useProject";

/** FlagJump opens on Ctrl or Cmd with K and goes to a flag. Its own module, loaded after the first page. */
export function FlagJump() {
  const project = useProject();
  const navigate = useNavigate();
  const { data: flags = [], error } = useQuery(flagsQuery(project));
  const actions: SpotlightActionData[] = flags.map(({ key, name, description }) => ({
    id: key,
    label: key,
    description: name === key ? description : name,
    onClick: () => void navigate({ to: "/projects/$project/flags/$flag", params: { project, flag: key } }),
  }));
  return (
    <Spotlight
      actions={actions}
      attributes={{ content: { "aria-label": "Jump to a flag" } }}
      shortcut={["mod + K"]}
      // Without this, the shortcut would do nothing while a switch or a field has the focus.
      tagsToIgnore={[]}
      limit={12}
      scrollable
      highlightQuery
      nothingFound={error ? problemOf(error).title : "No such flag"}
      searchProps={{
        leftSection: <IconSearch size={18} />,
        placeholder: "Jump to a flag…",
        "aria-label": "Jump to a flag",
      }}
    />
  );
}
