import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { TimelineEntry } from "../api/client";
import { timelineQuery } from "../api/leads";
import { asProblem } from "../api/problem";
import { formatDay } from "../format/time";
import { ErrorPanel } from "../ui/ErrorPanel";
import { useProblemText } from "../ui/problem-text";
import { Entry } from "./Entry";
import classes from "./Timeline.module.css";

const placeholders = ["a", "b", "c", "d", "e", "f"];

interface TimelineProps {
  id: string;
  known: boolean; // that there is such a lead; if not, the page says so once
}

export function Timeline({ id, known }: TimelineProps) {
  const { t } = useTranslation();
  const timeline = useInfiniteQuery(timelineQuery(id));
  const entries = useMemo(() => timeline.data?.pages.flatMap((page) => page.data), [timeline.data]);
  return (
    <>
      <h2 id="timeline-title" className={classes.title}>
        {t("timeline.title")}
      </h2>
      {timeline.isError && !entries && known && (
        <ErrorPanel error={timeline.error} retry={timeline.refetch} />
      )}
      {!entries && !(timeline.isError && known) && <TimelineSkeleton />}
      {entries?.length === 0 && <p className={classes.empty}>{t("timeline.empty")}</p>}
      {entries && byDay(entries).map((day) => <Day key={day.name} {...day} />)}
      {timeline.isFetchNextPageError && <OlderFailed error={timeline.error} />}
      {timeline.hasNextPage && (
        <Button
          size="xs"
          variant="default"
          loading={timeline.isFetchingNextPage}
          onClick={() => void timeline.fetchNextPage()}
        >
          {t("timeline.older")}
        </Button>
      )}
    </>
  );
}

interface DayEntries {
  name: string;
  entries: TimelineEntry[];
}

function byDay(entries: TimelineEntry[]): DayEntries[] {
  const now = new Date();
  const days: DayEntries[] = [];
  for (const entry of entries) {
    const name = formatDay(new Date(entry.at), now);
    const last = days.at(-1);
    if (last?.name === name) last.entries.push(entry);
    else days.push({ name, entries: [entry] });
  }
  return days;
}

function Day({ name, entries }: DayEntries) {
  return (
    <div className={classes.day}>
      <h3 className={classes.dayName}>{name}</h3>
      <ul className={classes.entries}>
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ul>
    </div>
  );
}

function OlderFailed({ error }: { error: unknown }) {
  const { title, detail } = useProblemText(asProblem(error));
  return (
    <p className={classes.failed} role="alert">
      {title}. {detail}
    </p>
  );
}

function TimelineSkeleton() {
  return (
    <div className={classes.skeleton}>
      {placeholders.map((key) => (
        <div key={key} className={classes.skeletonEntry}>
          <Skeleton height={26} width={26} circle />
          <Skeleton height={10} width="60%" />
        </div>
      ))}
    </div>
  );
}
