import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, writeHeaders } from "./client";
import { keys } from "./keys";
import type { WebhookCreate, WebhookDryRun, WebhookPatch } from "./types";

/** The page hears of no event for deliveries, so it asks for them again after this time, in milliseconds. */
const deliveriesEvery = 10_000;

export function webhooksQuery(project: string) {
  return queryOptions({
    queryKey: keys.webhooks(project),
    queryFn: async () =>
      (await answer(api.GET("/projects/{project}/webhooks", { params: { path: { project } } }))).items,
  });
}

export function webhookQuery(project: string, id: string) {
  return queryOptions({
    queryKey: keys.webhook(project, id),
    queryFn: () => answer(api.GET("/projects/{project}/webhooks/{id}", { params: { path: { project, id } } })),
  });
}

export function deliveriesQuery(project: string, id: string) {
  return queryOptions({
    queryKey: keys.deliveries(project, id),
    queryFn: async () =>
      (await answer(api.GET("/projects/{project}/webhooks/{id}/deliveries", { params: { path: { project, id } } })))
        .items,
    refetchInterval: deliveriesEvery,
  });
}

export function deliveryQuery(project: string, id: string, delivery: string) {
  return queryOptions({
    queryKey: keys.delivery(project, id, delivery),
    queryFn: () =>
      answer(
        api.GET("/projects/{project}/webhooks/{id}/deliveries/{delivery}", {
          params: { path: { project, id, delivery } },
        }),
      ),
  });
}

export function useCreateWebhook(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: WebhookCreate) =>
      answer(api.POST("/projects/{project}/webhooks", { params: { path: { project } }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.webhooks(project) }),
  });
}

interface Update {
  version: number;
  patch: WebhookPatch;
}

export function useUpdateWebhook(project: string, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ version, patch }: Update) =>
      answer(
        api.PATCH("/projects/{project}/webhooks/{id}", {
          params: { path: { project, id }, header: writeHeaders({ version }) },
          body: patch,
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.webhooks(project) }),
  });
}

export function useRotateSecret(project: string, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      answer(api.POST("/projects/{project}/webhooks/{id}/secret", { params: { path: { project, id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.webhooks(project) }),
  });
}

export function useDeleteWebhook(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      answer(api.DELETE("/projects/{project}/webhooks/{id}", { params: { path: { project, id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.webhooks(project) }),
  });
}

export function useReplay(project: string, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (delivery: string) =>
      answer(
        api.POST("/projects/{project}/webhooks/{id}/deliveries/{delivery}/replay", {
          params: { path: { project, id, delivery } },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.deliveries(project, id) }),
  });
}

export function useDryRun(project: string, id: string) {
  return useMutation({
    mutationFn: (body: WebhookDryRun) =>
      answer(api.POST("/projects/{project}/webhooks/{id}/dry-run", { params: { path: { project, id } }, body })),
  });
}
