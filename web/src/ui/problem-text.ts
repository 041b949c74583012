import { useTranslation } from "react-i18next";
import type { Problem } from "../api/problem";

// A problem in words: what happened, and what to do.
export function useProblemText(problem: Problem): { title: string; detail: string } {
  const { t } = useTranslation();
  if (problem.status === 0) return { title: t("error.network"), detail: t("error.networkHelp") };
  return {
    title: problem.title || t("error.title"),
    detail: problem.detail || t("error.server", { status: problem.status }),
  };
}
