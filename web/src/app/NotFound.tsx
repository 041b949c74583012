import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Notice } from "../ui/Notice";

export function NotFound() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <Notice
      title={t("app.notFound")}
      detail={t("app.notFoundHelp")}
      action={{ label: t("app.toLeads"), run: () => navigate("/leads") }}
    />
  );
}
