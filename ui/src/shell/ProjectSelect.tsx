import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { projectsQuery } from "../api/projects";

/** ProjectSelect changes the project; it is not there where there is only one. */
export function ProjectSelect({ project }: { project: string }) {
  const { data: projects = [] } = useQuery(projectsQuery);
  const navigate = useNavigate();
  if (projects.length < 2) {
    return null;
  }
  return (
    <Select
      aria-label="Project"
      w={150}
      value={project}
      allowDeselect={false}
      data={projects.map(({ key, name }) => ({ value: key, label: name || key }))}
      onChange={(key) => key && void navigate({ to: "/projects/$project/flags", params: { project: key } })}
    />
  );
}
