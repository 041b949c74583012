import { useSearchParams } from "react-router";
import type { LeadFilter } from "../api/leads";

// The list's filter lives in the address, so that a view can be copied, and Back works.
export function useLeadFilter() {
  const [search, setSearch] = useSearchParams();
  const filter: LeadFilter = {
    stage: search.get("stage") ?? undefined,
    email: search.get("email") ?? undefined,
    visitors: search.get("visitors") === "1" || undefined,
  };
  const setFilter = (change: LeadFilter) => {
    const { stage, email, visitors } = { ...filter, ...change };
    const next = new URLSearchParams();
    if (stage) next.set("stage", stage);
    if (email) next.set("email", email);
    if (visitors) next.set("visitors", "1");
    setSearch(next);
  };
  return { filter, setFilter };
}

export const isFiltered = (filter: LeadFilter): boolean => Boolean(filter.stage ?? filter.email);
