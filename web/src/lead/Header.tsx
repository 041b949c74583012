import { ActionIcon, Skeleton } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import type { Lead } from "../api/client";
import { latestList } from "../api/leads";
import { useLeadName } from "../leads/lead-name";
import { IconBack, IconDown, IconUp } from "../ui/icons";
import { Stage } from "../ui/Stage";
import { Temperature } from "../ui/Temperature";
import classes from "./Header.module.css";

interface HeaderProps {
  id: string;
  lead: Lead | undefined;
  missing: boolean; // there is no such lead, or no answer
}

export function Header({ id, lead, missing }: HeaderProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.header}>
      <div className={classes.bar}>
        <Link className={classes.back} to="/leads">
          <IconBack size={15} />
          {t("lead.back")}
        </Link>
        <Neighbours id={id} />
      </div>
      {lead ? (
        <Name lead={lead} />
      ) : missing ? (
        <h1 className={classes.name}>{id}</h1>
      ) : (
        <NameSkeleton />
      )}
    </div>
  );
}

function Name({ lead }: { lead: Lead }) {
  const nameOf = useLeadName();
  const role = [lead.title, lead.company.name ?? lead.company.domain].filter(Boolean).join(" · ");
  return (
    <>
      <div className={classes.line}>
        <h1 className={classes.name} dir="auto">
          {nameOf(lead)}
        </h1>
        <Stage stage={lead.stage} belowThreshold={lead.below_threshold} />
        <Temperature value={lead.temperature} />
      </div>
      <p className={classes.role} dir="auto">
        {role}
      </p>
    </>
  );
}

function NameSkeleton() {
  return (
    <>
      <div className={classes.line}>
        <h1 className="heard">…</h1>
        <Skeleton height={18} width={220} my={5} />
      </div>
      <p className={classes.role}>
        <Skeleton component="span" display="block" height={10} width={160} mt={6} />
      </p>
    </>
  );
}

// The leads before and after this one in the list that the user came from.
function Neighbours({ id }: { id: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const list = latestList(useQueryClient());
  const place = list.findIndex((lead) => lead.id === id);
  const previous = place > 0 ? list[place - 1] : undefined;
  const next = place >= 0 ? list[place + 1] : undefined;
  const open = (lead: Lead | undefined) => lead && void navigate(`/leads/${lead.id}`);
  useHotkeys([
    ["k", () => open(previous)],
    ["j", () => open(next)],
  ]);
  if (place < 0) return null;
  return (
    <div className={classes.neighbours}>
      <ActionIcon
        variant="default"
        size="sm"
        disabled={!previous}
        aria-label={t("lead.previous")}
        title={`${t("lead.previous")} (k)`}
        onClick={() => open(previous)}
      >
        <IconUp size={14} />
      </ActionIcon>
      <ActionIcon
        variant="default"
        size="sm"
        disabled={!next}
        aria-label={t("lead.next")}
        title={`${t("lead.next")} (j)`}
        onClick={() => open(next)}
      >
        <IconDown size={14} />
      </ActionIcon>
    </div>
  );
}
