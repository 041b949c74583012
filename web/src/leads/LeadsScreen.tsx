import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { leadsQuery } from "../api/leads";
import { ErrorPanel } from "../ui/ErrorPanel";
import { Notice } from "../ui/Notice";
import { FirstEvent } from "./FirstEvent";
import { isFiltered, useLeadFilter } from "./filter";
import classes from "./LeadsScreen.module.css";
import { LeadTable } from "./LeadTable";
import { Toolbar } from "./Toolbar";

const listenEveryMs = 2000;

export function LeadsScreen() {
  const { t } = useTranslation();
  const { filter, setFilter } = useLeadFilter();
  const list = useInfiniteQuery({
    ...leadsQuery(filter),
    placeholderData: keepPreviousData,
    // While there is nobody yet, the first lead shows as soon as it is there.
    refetchInterval: (query) =>
      query.state.data?.pages[0]?.total === 0 && !isFiltered(filter) ? listenEveryMs : false,
  });
  const leads = useMemo(() => list.data?.pages.flatMap((page) => page.data), [list.data]);
  const total = list.data?.pages[0]?.total;

  const content = () => {
    if (list.isError && !leads)
      return <ErrorPanel error={list.error} retry={() => list.refetch()} />;
    if (leads?.length === 0 && isFiltered(filter))
      return (
        <Notice
          title={t("leads.noMatch")}
          detail={t("leads.noMatchHelp")}
          action={{
            label: t("leads.clearFilters"),
            run: () => setFilter({ stage: undefined, email: undefined }),
          }}
        />
      );
    if (leads?.length === 0) return <FirstEvent />;
    return (
      <LeadTable
        leads={leads}
        total={total ?? 0}
        stale={list.isPlaceholderData}
        hasMore={list.hasNextPage}
        isLoadingMore={list.isFetchingNextPage}
        moreError={list.isFetchNextPageError ? list.error : null}
        loadMore={list.fetchNextPage}
      />
    );
  };

  return (
    <div className={classes.screen}>
      <title>{`${t("leads.title")} · ${t("app.name")}`}</title>
      <Toolbar total={total} filter={filter} setFilter={setFilter} />
      {content()}
    </div>
  );
}
