import { useTranslation } from "react-i18next";
import { asProblem } from "../api/problem";
import { Notice } from "./Notice";
import { useProblemText } from "./problem-text";

interface ErrorPanelProps {
  error: unknown;
  retry: () => unknown;
}

// A failed query in the place where its answer would be.
export function ErrorPanel({ error, retry }: ErrorPanelProps) {
  const { t } = useTranslation();
  const { title, detail } = useProblemText(asProblem(error));
  return (
    <Notice alert title={title} detail={detail} action={{ label: t("app.retry"), run: retry }} />
  );
}
