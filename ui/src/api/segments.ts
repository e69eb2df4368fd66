import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type WriteOptions, writeHeaders } from "./client";
import { keys } from "./keys";
import type { SegmentWrite } from "./types";

export function segmentsQuery(project: string) {
  return queryOptions({
    queryKey: keys.segments(project),
    queryFn: async () =>
      (await answer(api.GET("/projects/{project}/segments", { params: { path: { project } } }))).items,
  });
}

export function segmentQuery(project: string, segment: string) {
  return queryOptions({
    queryKey: keys.segment(project, segment),
    queryFn: () =>
      answer(api.GET("/projects/{project}/segments/{segment}", { params: { path: { project, segment } } })),
  });
}

interface SegmentSave extends WriteOptions {
  segment: string;
  body: SegmentWrite;
}

/** useSaveSegment creates the segment where no version is given, and otherwise changes it. */
export function useSaveSegment(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ segment, body, ...options }: SegmentSave) => {
      const params = { path: { project, segment }, header: writeHeaders(options) };
      return options.version === undefined
        ? answer(api.PUT("/projects/{project}/segments/{segment}", { params, body }))
        : answer(api.PATCH("/projects/{project}/segments/{segment}", { params, body }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keys.segments(project) }),
  });
}

export function useArchiveSegment(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ segment, ...options }: { segment: string } & WriteOptions) =>
      answer(
        api.DELETE("/projects/{project}/segments/{segment}", {
          params: { path: { project, segment }, header: writeHeaders(options) },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.segments(project) }),
  });
}
