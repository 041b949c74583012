import { useMutation } from "@tanstack/react-query";
import { api, call, newIdempotencyKey } from "./client";

export function useNewWriteKey() {
  return useMutation({
    mutationFn: (name: string) =>
      call(
        api.POST("/api/v1/keys", {
          params: { header: { "Idempotency-Key": newIdempotencyKey() } },
          body: { kind: "server", name },
        }),
      ),
  });
}
