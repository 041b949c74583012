import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { api, call, type Lead, type LeadList } from "./client";

export interface LeadFilter {
  stage?: string;
  email?: string;
  visitors?: boolean;
}

const firstPage: string | undefined = undefined;

export function leadsQuery(filter: LeadFilter) {
  const { stage, email, visitors } = filter;
  return infiniteQueryOptions({
    queryKey: ["leads", { stage, email, visitors }],
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET("/api/v1/leads", {
          params: {
            query: {
              limit: 100,
              cursor: pageParam,
              stage,
              email,
              include: visitors ? "visitors" : undefined,
            },
          },
          signal,
        }),
      ),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

// The leads of the list that was looked at last, as far as they are loaded.
export function latestList(client: QueryClient): Lead[] {
  const lists = client.getQueryCache().findAll({ queryKey: ["leads"] });
  const latest = lists.toSorted((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt)[0];
  const data = latest?.state.data as InfiniteData<LeadList> | undefined;
  return data?.pages.flatMap((page) => page.data) ?? [];
}

export function leadQuery(id: string, client: QueryClient) {
  return queryOptions({
    queryKey: ["lead", id],
    queryFn: ({ signal }) =>
      call(api.GET("/api/v1/leads/{id}", { params: { path: { id } }, signal })),
    // A lead known from the list shows at once; what is new comes after.
    placeholderData: latestList(client).find((lead) => lead.id === id),
  });
}

export function scoreQuery(id: string) {
  return queryOptions({
    queryKey: ["lead", id, "score"],
    queryFn: ({ signal }) =>
      call(api.GET("/api/v1/leads/{id}/score", { params: { path: { id } }, signal })),
  });
}

export function stagesQuery(id: string) {
  return queryOptions({
    queryKey: ["lead", id, "stages"],
    queryFn: ({ signal }) =>
      call(api.GET("/api/v1/leads/{id}/stages", { params: { path: { id } }, signal })),
  });
}

export const lifecycleQuery = queryOptions({
  queryKey: ["lifecycle"],
  queryFn: ({ signal }) => call(api.GET("/api/v1/lifecycle", { signal })),
});

export function timelineQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ["lead", id, "timeline"],
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET("/api/v1/leads/{id}/timeline", {
          params: { path: { id }, query: { limit: 50, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function useAdjustment(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: { points: number; reason: string; key: string }) =>
      call(
        api.POST("/api/v1/leads/{id}/adjustments", {
          params: { path: { id }, header: { "Idempotency-Key": change.key } },
          body: { points: change.points, reason: change.reason },
        }),
      ),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["lead", id] }),
        client.invalidateQueries({ queryKey: ["leads"], refetchType: "none" }),
      ]),
  });
}
