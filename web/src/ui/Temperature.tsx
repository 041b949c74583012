import { useTranslation } from "react-i18next";
import type { Lead } from "../api/client";
import classes from "./Temperature.module.css";

export function Temperature({ value }: { value: Lead["temperature"] }) {
  const { t } = useTranslation();
  return (
    <span className={classes.temperature} data-value={value}>
      {t(`temperature.${value}`)}
    </span>
  );
}
