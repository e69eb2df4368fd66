import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "./client";
import { keys } from "./keys";
import type { Role } from "./types";

export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: () => answer(api.GET("/session")),
  staleTime: Infinity,
  retry: false,
});

export function useSession() {
  return useQuery(sessionQuery);
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (token: string) => answer(api.POST("/session", { body: { token } })),
    onSuccess: (session) => client.setQueryData(keys.session, session),
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answer(api.DELETE("/session")),
    onSuccess: () => client.clear(),
  });
}

const ranks: Record<Role, number> = { viewer: 0, editor: 1, releaser: 2, admin: 3 };

/** includesRole tells whether a role may do what another one may. */
function includesRole(role: Role, needed: Role): boolean {
  return ranks[role] >= ranks[needed];
}

/**
 * usePermission tells whether the person may do what needs the role, in the environment if one is given. The server
 * decides; this only keeps controls from offering what it would refuse.
 */
export function usePermission(needed: Role, project?: string, environment?: string): boolean {
  const session = useSession().data;
  if (!session || !includesRole(session.role, needed)) {
    return false;
  }
  const elsewhere =
    (session.project !== undefined && project !== undefined && session.project !== project) ||
    (session.environment !== undefined && environment !== session.environment);
  return !elsewhere;
}
