import { Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Lead } from "../api/client";
import { formatCount } from "../format/numbers";
import { When } from "../ui/When";
import classes from "./Facts.module.css";

const placeholders = ["a", "b", "c", "d", "e", "f", "g"];

export function Facts({ lead }: { lead: Lead | undefined }) {
  const { t } = useTranslation();
  return (
    <>
      <h2 id="facts-title" className={classes.title}>
        {t("lead.facts")}
      </h2>
      {lead?.visitor && <p className={classes.note}>{t("lead.noFacts")}</p>}
      {lead ? <FactList lead={lead} /> : <FactSkeleton />}
    </>
  );
}

function FactList({ lead }: { lead: Lead }) {
  const { t } = useTranslation();
  const { company } = lead;
  return (
    <dl className={classes.facts}>
      {!lead.visitor && (
        <>
          <Fact name={t("lead.email")}>{lead.email && <Address email={lead.email} />}</Fact>
          <Fact name={t("lead.phone")}>
            {lead.phone && <a href={`tel:${lead.phone.replace(/[^+\d]/g, "")}`}>{lead.phone}</a>}
          </Fact>
          <Fact name={t("lead.jobTitle")}>{lead.title}</Fact>
          <Fact name={t("lead.seniority")}>
            {lead.seniority && t(`seniority.${lead.seniority}`)}
          </Fact>
          <Fact name={t("lead.department")}>{lead.department}</Fact>
          <Fact name={t("lead.company")}>{company.name}</Fact>
          <Fact name={t("lead.domain")}>{company.domain}</Fact>
          <Fact name={t("lead.employees")}>
            {company.employees !== null && formatCount(company.employees)}
          </Fact>
          <Fact name={t("lead.industry")}>{company.industry}</Fact>
          <Fact name={t("lead.country")}>{lead.country}</Fact>
          <Fact name={t("lead.owner")}>{lead.owner}</Fact>
        </>
      )}
      <Fact name={t("lead.firstSeen")}>
        {lead.first_seen_at && <When at={lead.first_seen_at} />}
      </Fact>
      <Fact name={t("lead.lastSeen")}>{lead.last_seen_at && <When at={lead.last_seen_at} />}</Fact>
      <Fact name={t("lead.id")}>
        <code>{lead.id}</code>
      </Fact>
    </dl>
  );
}

// Breaks behind the @ if it must.
function Address({ email }: { email: string }) {
  const at = email.lastIndexOf("@") + 1;
  return (
    <a href={`mailto:${encodeURIComponent(email)}`}>
      {email.slice(0, at)}
      <wbr />
      {email.slice(at)}
    </a>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd dir="auto">
        {children || (
          <span className={classes.unknown}>
            <span aria-hidden="true">–</span>
            <span className="heard">{t("lead.unknown")}</span>
          </span>
        )}
      </dd>
    </div>
  );
}

function FactSkeleton() {
  return (
    <div className={classes.facts}>
      {placeholders.map((key) => (
        <div className={classes.fact} key={key}>
          <Skeleton height={10} width={60} my={5} />
          <Skeleton height={10} width="80%" my={5} />
        </div>
      ))}
    </div>
  );
}
