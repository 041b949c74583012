import { Skeleton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { NextAction, Score } from "../api/client";
import { formatChange, formatPoints } from "../format/numbers";
import { IconCheck } from "../ui/icons";
import classes from "./ToThreshold.module.css";

export function ToThreshold({ score }: { score: Score | undefined }) {
  const { t } = useTranslation();
  return (
    <>
      <h2 id="to-threshold-title">
        {t("score.toTitle", { threshold: score ? formatPoints(score.threshold) : "…" })}
      </h2>
      {score ? <Answer score={score} /> : <Skeleton height={10} my={10} />}
    </>
  );
}

function Answer({ score }: { score: Score }) {
  const { t } = useTranslation();
  const actions = score.to_threshold;
  const isThere = score.missing <= 0;
  const points = { score: formatPoints(score.score), threshold: formatPoints(score.threshold) };
  return (
    <>
      <p className={classes.intro}>
        {isThere
          ? t("score.reached", points)
          : t("score.missing", { points: formatPoints(score.missing, 2) })}
      </p>
      {!isThere && actions.length === 0 && <p className={classes.intro}>{t("score.noActions")}</p>}
      {actions.length > 0 && (
        <ul className={classes.actions}>
          {actions.map((action) => (
            <Action key={`${action.rule}-${action.action}`} action={action} />
          ))}
        </ul>
      )}
    </>
  );
}

function Action({ action }: { action: NextAction }) {
  const { t } = useTranslation();
  const after = { score: formatPoints(action.score_after) };
  return (
    <li className={classes.action} data-reaches={action.reaches_threshold || undefined}>
      <span className={classes.points}>{formatChange(action.points)}</span>
      <span className={classes.what}>
        {action.action}
        {action.also_needed && (
          <span className={classes.also}>
            {t("score.alsoNeeded", { what: action.also_needed })}
          </span>
        )}
      </span>
      <span className={classes.after}>
        {action.reaches_threshold && <IconCheck size={14} />}
        {action.reaches_threshold ? t("score.reaches", after) : t("score.after", after)}
      </span>
    </li>
  );
}
