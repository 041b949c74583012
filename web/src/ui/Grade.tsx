import { useTranslation } from "react-i18next";
import type { Lead } from "../api/client";
import classes from "./Grade.module.css";

// Fit as a letter, interest as a digit; A1 is best.
export function Grade({ lead }: { lead: Pick<Lead, "grade" | "fit_grade" | "interest_level"> }) {
  const { t } = useTranslation();
  const meaning = t("score.grade", {
    grade: lead.grade,
    fit: lead.fit_grade,
    interest: lead.interest_level,
  });
  return (
    <abbr className={classes.grade} data-fit={lead.fit_grade} title={meaning}>
      {lead.grade}
    </abbr>
  );
}
