import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "./client";
import { keys } from "./keys";
import type { AccessTokenCreate } from "./types";

export const accessTokensQuery = queryOptions({
  queryKey: keys.accessTokens,
  queryFn: async () => (await answer(api.GET("/access-tokens"))).items,
});

export function useCreateAccessToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: AccessTokenCreate) => answer(api.POST("/access-tokens", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.accessTokens }),
  });
}

export function useRevokeAccessToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answer(api.DELETE("/access-tokens/{id}", { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.accessTokens }),
  });
}
