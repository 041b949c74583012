import { createColumnHelper, tableFeatures } from "@tanstack/react-table";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Lead } from "../api/client";
import { formatPoints } from "../format/numbers";
import { Grade } from "../ui/Grade";
import { ScoreBar } from "../ui/ScoreBar";
import { Stage } from "../ui/Stage";
import { Temperature } from "../ui/Temperature";
import { When } from "../ui/When";
import classes from "./LeadTable.module.css";
import { useLeadName } from "./lead-name";

export const features = tableFeatures({});

const column = createColumnHelper<typeof features, Lead>();

// THE COLUMNS of the leads list. Their widths and what a phone leaves out are in LeadTable.module.css.
export const columns = column.columns([
  column.accessor("score", {
    header: () => <Heading label="leads.score" />,
    cell: ({ row }) => <ScoreCell lead={row.original} />,
  }),
  column.accessor("grade", {
    header: () => <Heading label="leads.grade" />,
    cell: ({ row }) => <Grade lead={row.original} />,
  }),
  column.accessor("name", {
    header: () => <Heading label="leads.name" />,
    cell: ({ row }) => <NameCell lead={row.original} />,
  }),
  column.accessor("title", {
    header: () => <Heading label="leads.jobTitle" />,
    cell: ({ row }) => <TitleCell title={row.original.title} />,
  }),
  column.accessor("stage", {
    header: () => <Heading label="leads.stage" />,
    cell: ({ row }) => (
      <Stage stage={row.original.stage} belowThreshold={row.original.below_threshold} />
    ),
  }),
  column.accessor("temperature", {
    header: () => <Heading label="leads.temperature" />,
    cell: ({ row }) => <Temperature value={row.original.temperature} />,
  }),
  column.accessor("last_seen_at", {
    header: () => <Heading label="leads.lastSeen" />,
    cell: ({ row }) => <LastSeenCell at={row.original.last_seen_at} />,
  }),
]);

interface HeadingProps {
  label: `leads.${"score" | "grade" | "name" | "jobTitle" | "stage" | "temperature" | "lastSeen"}`;
}

function Heading({ label }: HeadingProps) {
  return useTranslation().t(label);
}

function ScoreCell({ lead }: { lead: Lead }) {
  return (
    <>
      <span className={classes.points}>{formatPoints(lead.score)}</span>
      <ScoreBar fit={lead.fit} interest={lead.interest} />
    </>
  );
}

function NameCell({ lead }: { lead: Lead }) {
  const nameOf = useLeadName();
  const company = lead.company.name ?? lead.company.domain;
  const second = company ?? (lead.name ? lead.email : null);
  return (
    <>
      <Link className={classes.link} to={`/leads/${lead.id}`} dir="auto">
        {nameOf(lead)}
      </Link>
      <span className={classes.second} dir="auto">
        {second}
        {lead.title && <span className={classes.secondTitle}> · {lead.title}</span>}
      </span>
    </>
  );
}

function TitleCell({ title }: { title: string | null }) {
  return (
    <span className={classes.clip} dir="auto" title={title ?? undefined}>
      {title}
    </span>
  );
}

function LastSeenCell({ at }: { at: string | null }) {
  const { t } = useTranslation();
  return at ? <When at={at} /> : t("time.never");
}
