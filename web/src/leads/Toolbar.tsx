import { CloseButton, NativeSelect, Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import { type LeadFilter, lifecycleQuery } from "../api/leads";
import { IconSearch } from "../ui/icons";
import { useStageName } from "../ui/Stage";
import { stageChoices } from "./stage-choices";
import classes from "./Toolbar.module.css";

interface ToolbarProps {
  total: number | undefined;
  filter: LeadFilter;
  setFilter: (change: LeadFilter) => void;
}

export function Toolbar({ total, filter, setFilter }: ToolbarProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.toolbar}>
      <div className={classes.head}>
        <h1 className={classes.title}>{t("leads.title")}</h1>
        <span className={classes.count} role="status">
          {total !== undefined && t("leads.count", { count: total })}
        </span>
      </div>
      <div className={classes.filters}>
        <FindByEmail
          key={filter.email ?? ""}
          email={filter.email}
          find={(email) => setFilter({ email })}
        />
        <StageFilter stage={filter.stage} choose={(stage) => setFilter({ stage })} />
        <Switch
          size="sm"
          label={t("leads.visitors")}
          checked={filter.visitors ?? false}
          onChange={(event) => setFilter({ visitors: event.currentTarget.checked })}
        />
      </div>
    </div>
  );
}

interface StageFilterProps {
  stage: string | undefined;
  choose: (stage: string | undefined) => void;
}

function StageFilter({ stage, choose }: StageFilterProps) {
  const { t } = useTranslation();
  const nameOf = useStageName();
  const lifecycle = useQuery(lifecycleQuery);
  const stages = stageChoices(lifecycle.data?.data, stage);
  return (
    <NativeSelect
      size="xs"
      aria-label={t("leads.stageFilter")}
      value={stage ?? ""}
      onChange={(event) => choose(event.currentTarget.value || undefined)}
      data={[
        { value: "", label: t("leads.allStages") },
        ...stages.map((value) => ({ value, label: nameOf(value) })),
      ]}
    />
  );
}

interface FindByEmailProps {
  email: string | undefined;
  find: (email: string | undefined) => void;
}

function FindByEmail({ email, find }: FindByEmailProps) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    find(input.current?.value.trim() || undefined);
  };
  return (
    <search className={classes.find}>
      <form onSubmit={submit}>
        <TextInput
          ref={input}
          size="xs"
          type="text"
          inputMode="email"
          autoComplete="off"
          spellCheck={false}
          aria-label={t("leads.findByEmail")}
          placeholder={t("leads.findByEmail")}
          defaultValue={email ?? ""}
          leftSection={<IconSearch size={14} />}
          rightSection={
            email && (
              <CloseButton
                size="xs"
                aria-label={t("leads.clearFind")}
                onClick={() => find(undefined)}
              />
            )
          }
        />
      </form>
    </search>
  );
}
