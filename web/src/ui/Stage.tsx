import { useTranslation } from "react-i18next";
import { en } from "../i18n/en";
import classes from "./Stage.module.css";

type KnownStage = keyof typeof en.stage;

const isKnown = (stage: string): stage is KnownStage => Object.hasOwn(en.stage, stage);

// A stage's name for people; one that a playbook invented shows as it is written there.
export function useStageName(): (stage: string) => string {
  const { t } = useTranslation();
  return (stage) => (isKnown(stage) ? t(`stage.${stage}`) : stage);
}

interface StageProps {
  stage: string;
  belowThreshold?: boolean;
}

export function Stage({ stage, belowThreshold = false }: StageProps) {
  const { t } = useTranslation();
  const nameOf = useStageName();
  return (
    <span className={classes.stage} data-stage={stage}>
      {nameOf(stage)}
      {belowThreshold && (
        <span className={classes.below} title={t("leads.belowThresholdHelp")}>
          <span aria-hidden="true">↓</span>
          <span className="heard">{t("leads.belowThreshold")}</span>
        </span>
      )}
    </span>
  );
}
