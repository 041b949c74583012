import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { leadQuery } from "../api/leads";
import { useLeadName } from "../leads/lead-name";
import { ErrorPanel } from "../ui/ErrorPanel";
import { Facts } from "./Facts";
import { Header } from "./Header";
import classes from "./LeadScreen.module.css";
import { ScorePanel } from "./ScorePanel";
import { Timeline } from "./Timeline";

export function LeadScreen() {
  const { id = "" } = useParams();
  // A lead's page begins afresh with each lead.
  return <LeadPage key={id} id={id} />;
}

function LeadPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const nameOf = useLeadName();
  const { data: lead, error, refetch } = useQuery(leadQuery(id, client));

  return (
    <div className={classes.screen}>
      <title>{`${lead ? nameOf(lead) : id} · ${t("app.name")}`}</title>
      <Header id={id} lead={lead} missing={error !== null && !lead} />
      {error && !lead ? (
        <ErrorPanel error={error} retry={refetch} />
      ) : (
        <div className={classes.columns}>
          <section className={classes.facts} aria-labelledby="facts-title">
            <Facts lead={lead} />
          </section>
          <section className={classes.timeline} aria-labelledby="timeline-title">
            <Timeline id={id} known={lead !== undefined} />
          </section>
          <div className={classes.score}>
            <ScorePanel id={id} lead={lead} />
          </div>
        </div>
      )}
    </div>
  );
}
