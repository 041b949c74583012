import { useTranslation } from "react-i18next";
import { Notice } from "../ui/Notice";

// Shown when a screen throws while rendering, or its file cannot be loaded.
export function Broken() {
  const { t } = useTranslation();
  return (
    <Notice
      alert
      title={t("error.broken")}
      detail={t("error.brokenHelp")}
      action={{ label: t("error.reload"), run: () => window.location.reload() }}
    />
  );
}
