import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { asProblem, isPassing } from "../api/problem";
import { sessionKey } from "../api/session";

// How the UI keeps what the server said: fresh for a quarter of a minute, asked again after that when
// the user looks. An answer of 401 anywhere ends the session here, and the sign-in screen shows.
export function createQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (asProblem(error).status === 401) client.setQueryData(sessionKey, null);
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, error) => isPassing(error) && failures < 2,
      },
    },
  });
  return client;
}
