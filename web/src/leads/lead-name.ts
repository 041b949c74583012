import { useTranslation } from "react-i18next";
import type { Lead } from "../api/client";

// What to call a lead: by name, else by address, else by its id.
export function useLeadName(): (lead: Lead) => string {
  const { t } = useTranslation();
  return (lead) =>
    lead.name ??
    lead.email ??
    t(lead.visitor ? "leads.visitor" : "leads.unnamed", { id: lead.id.replace("lead_", "") });
}
