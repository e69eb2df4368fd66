import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "./client";
import { keys } from "./keys";

/** releasePoliciesQuery loads the ways to release that the project's flags share. */
export function releasePoliciesQuery(project: string) {
  return queryOptions({
    queryKey: keys.releasePolicies(project),
    queryFn: async () =>
      (await answer(api.GET("/projects/{project}/release-policies", { params: { path: { project } } }))).items,
  });
}
