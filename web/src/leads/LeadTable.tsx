import { Button, Loader, Skeleton } from "@mantine/core";
import { useTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { Trans, useTranslation } from "react-i18next";
import type { Lead } from "../api/client";
import { asProblem } from "../api/problem";
import { useProblemText } from "../ui/problem-text";
import { columns, features } from "./columns";
import classes from "./LeadTable.module.css";
import { usePlace } from "./place";
import { useRowKeys } from "./row-keys";

const rowHeight = 49;
const skeletonRows = Array.from({ length: 14 }, (_, index) => `skeleton-${index}`);
const nobody: Lead[] = [];

interface LeadTableProps {
  leads: Lead[] | undefined; // undefined: still loading
  total: number;
  stale: boolean; // of the filter before; the new one is loading
  hasMore: boolean;
  isLoadingMore: boolean;
  moreError: unknown;
  loadMore: () => unknown;
}

export function LeadTable(props: LeadTableProps) {
  const { t } = useTranslation();
  const { leads = nobody, total, stale, hasMore, isLoadingMore, moreError, loadMore } = props;
  const isLoading = props.leads === undefined;
  const scroller = useRef<HTMLDivElement>(null);
  const place = usePlace(scroller, !isLoading);

  const table = useTable({ features, columns, data: leads, getRowId: (lead) => lead.id });
  const { rows } = table.getRowModel();
  const columnIds = table.getAllLeafColumns().map((column) => column.id);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    initialOffset: place,
    scrollPaddingStart: 40,
    scrollPaddingEnd: 40,
  });
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);

  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    const nearEnd = lastShown >= rows.length - 25;
    if (rows.length > 0 && nearEnd && hasMore && !isLoadingMore && !moreError) void loadMore();
  }, [lastShown, rows.length, hasMore, isLoadingMore, moreError, loadMore]);

  useRowKeys(scroller, rows.length, (index) => virtual.scrollToIndex(index));

  return (
    <div className={classes.scroller} ref={scroller} data-stale={stale || undefined}>
      <table className={classes.table} aria-rowcount={total + 1} aria-busy={isLoading || stale}>
        <caption className="heard">{t("leads.table")}</caption>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} aria-rowindex={1}>
              {group.headers.map((header) => (
                <th key={header.id} scope="col" className={classes[header.column.id]}>
                  <table.FlexRender header={header} />
                </th>
              ))}
            </tr>
          ))}
        </thead>
        {isLoading && (
          <tbody aria-hidden="true">
            {skeletonRows.map((key) => (
              <SkeletonRow key={key} columns={columnIds} />
            ))}
          </tbody>
        )}
        <Spacer height={before} />
        <tbody>
          {items.map((item) => {
            const row = rows[item.index];
            return (
              row && (
                <tr
                  key={row.id}
                  className={classes.row}
                  aria-rowindex={item.index + 2}
                  data-index={item.index}
                >
                  {row.getAllCells().map((cell) => (
                    <td key={cell.id} className={classes[cell.column.id]}>
                      <table.FlexRender cell={cell} />
                    </td>
                  ))}
                </tr>
              )
            );
          })}
        </tbody>
        <Spacer height={after} />
      </table>
      {!isLoading && (
        <div className={classes.foot}>
          {moreError ? (
            <MoreFailed error={moreError} retry={loadMore} />
          ) : (
            <Foot isLoadingMore={hasMore} />
          )}
        </div>
      )}
    </div>
  );
}

// Keeps the room of the rows that are not on screen.
function Spacer({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <tbody aria-hidden="true">
      <tr>
        <td className={classes.spacer} style={{ height }} />
      </tr>
    </tbody>
  );
}

function SkeletonRow({ columns }: { columns: string[] }) {
  return (
    <tr>
      {columns.map((column) => (
        <td key={column} className={classes[column]}>
          <Skeleton height={10} width="70%" />
        </td>
      ))}
    </tr>
  );
}

function Foot({ isLoadingMore }: { isLoadingMore: boolean }) {
  const { t } = useTranslation();
  if (isLoadingMore)
    return (
      <>
        <Loader size="xs" color="gray" aria-hidden />
        <span className="heard">{t("leads.more")}</span>
      </>
    );
  return (
    <>
      <span>{t("leads.end")}</span>
      <span className={classes.keys}>
        <Trans i18nKey="leads.keys" components={{ kbd: <kbd /> }} />
      </span>
    </>
  );
}

function MoreFailed({ error, retry }: { error: unknown; retry: () => unknown }) {
  const { t } = useTranslation();
  const { title, detail } = useProblemText(asProblem(error));
  return (
    <>
      <span role="alert">{`${title}. ${detail}`}</span>
      <Button size="compact-xs" variant="default" onClick={() => void retry()}>
        {t("app.retry")}
      </Button>
    </>
  );
}
