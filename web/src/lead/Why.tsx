import { Button, Skeleton } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { LedgerEntry } from "../api/client";
import { formatChange, formatPoints } from "../format/numbers";
import { formatDate, formatExact } from "../format/time";
import { byGroup, type LedgerGroup } from "./ledger";
import classes from "./Why.module.css";

const shownAtFirst = 12;
const placeholders = ["a", "b", "c", "d"];

interface WhyProps {
  ledger: LedgerEntry[] | undefined;
  total: number | undefined;
}

// Every point with its reason; the lines sum to the score.
export function Why({ ledger, total }: WhyProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.why}>
      <h2 className={classes.title}>{t("score.whyTitle")}</h2>
      {!ledger && placeholders.map((key) => <Skeleton key={key} height={10} my={10} />)}
      {ledger?.length === 0 && <p className={classes.empty}>{t("score.whyEmpty")}</p>}
      {ledger && byGroup(ledger).map((group) => <GroupLines key={group.group} group={group} />)}
      {ledger && ledger.length > 0 && total !== undefined && (
        <div className={classes.sum}>
          <span className={classes.points}>{formatPoints(total, 2)}</span>
          <span>{t("score.sum")}</span>
        </div>
      )}
    </div>
  );
}

function GroupLines({ group }: { group: LedgerGroup }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const lines = all ? group.lines : group.lines.slice(0, shownAtFirst);
  const hidden = group.lines.length - lines.length;
  const name = t(
    group.group === "fit"
      ? "score.fit"
      : group.group === "interest"
        ? "score.interest"
        : "score.byHand",
  );
  return (
    <div className={classes.group}>
      <h3 className={classes.groupTitle}>
        <span>{name}</span>
        <span className={classes.groupSum}>{formatChange(group.points)}</span>
      </h3>
      <ul className={classes.lines}>
        {lines.map((line) => (
          <Line key={`${line.kind}-${line.rule}-${line.event_id}-${line.at}`} line={line} />
        ))}
      </ul>
      {hidden > 0 && (
        <Button size="compact-xs" variant="subtle" onClick={() => setAll(true)}>
          {t("score.more", { count: hidden })}
        </Button>
      )}
    </div>
  );
}

function Line({ line }: { line: LedgerEntry }) {
  const { t } = useTranslation();
  const at = new Date(line.at);
  const why = [line.note, line.author && t("score.by", { author: line.author })]
    .filter(Boolean)
    .join(", ");
  return (
    <li className={classes.line} title={t("score.version", { version: line.model_version })}>
      <span className={classes.points} data-negative={line.points < 0 || undefined}>
        {formatChange(line.points)}
      </span>
      <span className={classes.reason}>
        {line.rule}
        {line.kind === "cap" && <span className={classes.cap}>{t("score.cap")}</span>}
        {why && (
          <span className={classes.note} dir="auto">
            {why}
          </span>
        )}
      </span>
      {line.kind !== "cap" && (
        <time className={classes.at} dateTime={line.at} title={formatExact(at)}>
          {formatDate(at, new Date())}
        </time>
      )}
    </li>
  );
}
