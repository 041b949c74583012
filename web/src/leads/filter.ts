import { useSearchParams } from "react-router";
import type { LeadFilter } from "../api/leads";

function readFilter(search: URLSearchParams): LeadFilter {
  return {
    stage: search.get("stage") ?? undefined,
    email: search.get("email") ?? undefined,
    visitors: search.get("visitors") === "1" || undefined,
  };
}

function writeFilter({ stage, email, visitors }: LeadFilter): URLSearchParams {
  const search = new URLSearchParams();
  if (stage) search.set("stage", stage);
  if (email) search.set("email", email);
  if (visitors) search.set("visitors", "1");
  return search;
}

// The list's filter lives in the address, so that a view can be copied, and Back works.
export function useLeadFilter() {
  const [search, setSearch] = useSearchParams();
  // Based on the address itself: two quick changes must both count, rendered or not.
  const setFilter = (change: LeadFilter) =>
    setSearch(writeFilter({ ...readFilter(new URLSearchParams(location.search)), ...change }));
  return { filter: readFilter(search), setFilter };
}

export const isFiltered = (filter: LeadFilter): boolean => Boolean(filter.stage ?? filter.email);
