import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Lead, Score } from "../api/client";
import { scoreQuery } from "../api/leads";
import { formatPoints } from "../format/numbers";
import { ErrorPanel } from "../ui/ErrorPanel";
import { Grade } from "../ui/Grade";
import { ScoreBar } from "../ui/ScoreBar";
import { Adjustment } from "./Adjustment";
import classes from "./ScorePanel.module.css";
import { StageHistory } from "./StageHistory";
import { ToThreshold } from "./ToThreshold";
import { Why } from "./Why";

interface ScorePanelProps {
  id: string;
  lead: Lead | undefined;
}

// The right column: how much, why, what is missing, and how the stage came about.
export function ScorePanel({ id, lead }: ScorePanelProps) {
  const { data: score, error, refetch } = useQuery(scoreQuery(id));
  if (error && !score && lead) return <ErrorPanel error={error} retry={refetch} />;
  return (
    <>
      <section className={classes.card} aria-labelledby="score-title">
        <Total lead={lead} score={score} />
        <Why ledger={score?.ledger} total={score?.score} />
        <Adjustment id={id} />
      </section>
      <section className={classes.card} aria-labelledby="to-threshold-title">
        <ToThreshold score={score} />
      </section>
      <section className={classes.card} aria-labelledby="stages-title">
        <StageHistory id={id} known={lead !== undefined} />
      </section>
    </>
  );
}

function Total({ lead, score }: { lead: Lead | undefined; score: Score | undefined }) {
  const { t } = useTranslation();
  const now = score ?? lead;
  return (
    <div>
      <h2 id="score-title" className="heard">
        {t("score.title")}
      </h2>
      <div className={classes.total}>
        <span className={classes.points}>
          {now ? formatPoints(now.score) : <Skeleton height={38} width={70} my={3} />}
        </span>
        {lead && <Grade lead={lead} />}
      </div>
      <div className={classes.bar}>
        <ScoreBar fit={now?.fit ?? 0} interest={now?.interest ?? 0} threshold={score?.threshold} />
      </div>
      <div className={classes.legend}>
        <Part kind="fit" label={t("score.fit")} points={now?.fit} />
        <Part kind="interest" label={t("score.interest")} points={now?.interest} />
        <span className={classes.threshold}>
          {score && t("score.threshold", { threshold: formatPoints(score.threshold) })}
        </span>
      </div>
    </div>
  );
}

interface PartProps {
  kind: "fit" | "interest";
  label: string;
  points: number | undefined;
}

function Part({ kind, label, points }: PartProps) {
  return (
    <span className={classes.part} data-kind={kind}>
      {label} <b>{points !== undefined && formatPoints(points)}</b>
    </span>
  );
}
