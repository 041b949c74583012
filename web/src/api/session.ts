import { type QueryClient, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call, perform, type Session } from "./client";
import { asProblem } from "./problem";

export const sessionKey = ["session"] as const;

// Who is signed in; null if nobody is.
export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await call(api.GET("/api/v1/session", { signal }));
    } catch (error) {
      if (asProblem(error).status === 401) return null;
      throw error;
    }
  },
  staleTime: 5 * 60_000,
});

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { email: string; password: string }) =>
      call(api.POST("/api/v1/sign-in", { body })),
    onSuccess: (session) => startAfresh(client, session),
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => perform(api.POST("/api/v1/sign-out")),
    onSuccess: () => startAfresh(client, null),
  });
}

// Another user, another view: nothing that the last one saw stays in memory.
function startAfresh(client: QueryClient, session: Session | null) {
  client.setQueryData(sessionKey, session);
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] });
}
