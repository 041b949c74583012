import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { StageChange } from "../api/client";
import { stagesQuery } from "../api/leads";
import { formatPoints } from "../format/numbers";
import { ErrorPanel } from "../ui/ErrorPanel";
import { Stage } from "../ui/Stage";
import { When } from "../ui/When";
import classes from "./StageHistory.module.css";

interface StageHistoryProps {
  id: string;
  known: boolean; // that there is such a lead; if not, the page says so once
}

export function StageHistory({ id, known }: StageHistoryProps) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(stagesQuery(id));
  return (
    <>
      <h2 id="stages-title">{t("score.stagesTitle")}</h2>
      {error && !data && known && <ErrorPanel error={error} retry={refetch} />}
      {!data && !(error && known) && <Skeleton height={10} my={10} />}
      {data && (
        <ol className={classes.stages}>
          {data.data.map((change) => (
            <Change key={`${change.to}-${change.at}`} change={change} />
          ))}
        </ol>
      )}
    </>
  );
}

function Change({ change }: { change: StageChange }) {
  const { t } = useTranslation();
  return (
    <li className={classes.change}>
      <div className={classes.line}>
        <Stage stage={change.to} />
        <span className={classes.at}>
          <When at={change.at} />
        </span>
      </div>
      <div className={classes.why}>
        {t("score.stageAt", {
          score: formatPoints(change.score, 2),
          version: change.model_version,
        })}
      </div>
      {change.reason && <div className={classes.reason}>{change.reason}</div>}
    </li>
  );
}
