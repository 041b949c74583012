import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Navigate, useLocation } from "react-router";
import { sessionQuery } from "../api/session";
import { ErrorPanel } from "../ui/ErrorPanel";

// Shows its children to whoever is signed in, and the sign-in screen to everybody else.
export function RequireSession({ children }: { children: ReactNode }) {
  const session = useQuery(sessionQuery);
  const location = useLocation();

  if (session.isPending) return null;
  if (session.isError) return <ErrorPanel error={session.error} retry={() => session.refetch()} />;
  if (session.data === null) {
    const from = location.pathname + location.search;
    return <Navigate to="/sign-in" replace state={{ from }} />;
  }
  return children;
}
