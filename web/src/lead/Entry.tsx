import { useTranslation } from "react-i18next";
import type { TimelineEntry } from "../api/client";
import { formatExact, formatTimeOfDay } from "../format/time";
import {
  type Icon,
  IconCompany,
  IconDown,
  IconEvent,
  IconLink,
  IconMail,
  IconPencil,
  IconPerson,
  IconView,
} from "../ui/icons";
import classes from "./Entry.module.css";
import { summary } from "./entry-summary";

const icons: Record<string, Icon> = {
  page: IconView,
  screen: IconView,
  identify: IconPerson,
  group: IconCompany,
  alias: IconLink,
  adjustment: IconPencil,
};

// One event of the timeline; it opens to show all that came with it.
export function Entry({ entry }: { entry: TimelineEntry }) {
  const EntryIcon = icons[entry.type] ?? (entry.event.startsWith("Email") ? IconMail : IconEvent);
  const at = new Date(entry.at);
  const text = summary(entry);
  return (
    <li className={classes.entry}>
      <details>
        <summary className={classes.head} data-muted={!entry.counted || entry.bot || undefined}>
          <span className={classes.icon}>
            <EntryIcon size={15} />
          </span>
          <span className={classes.body}>
            <span className={classes.line}>
              <span className={classes.event} data-voided={entry.voided || undefined} dir="auto">
                {entry.event}
              </span>
              <Marks entry={entry} />
            </span>
            {text && (
              <span className={classes.summary} dir="auto">
                {text}
              </span>
            )}
          </span>
          <time className={classes.at} dateTime={entry.at} title={formatExact(at)}>
            {formatTimeOfDay(at)}
          </time>
          <IconDown className={classes.chevron} size={14} />
        </summary>
        <Details entry={entry} />
      </details>
    </li>
  );
}

function Marks({ entry }: { entry: TimelineEntry }) {
  const { t } = useTranslation();
  return (
    <>
      {entry.bot && (
        <span className={classes.mark} title={t("timeline.botHelp")}>
          {t("timeline.bot")}
        </span>
      )}
      {entry.voided && (
        <span className={classes.mark} title={t("timeline.voidedHelp")}>
          {t("timeline.voided")}
        </span>
      )}
      {!entry.counted && !entry.voided && (
        <span className={classes.mark} title={t("timeline.notCountedHelp")}>
          {t("timeline.notCounted")}
        </span>
      )}
    </>
  );
}

function Details({ entry }: { entry: TimelineEntry }) {
  const { t } = useTranslation();
  return (
    <dl className={classes.data}>
      <dt>{t("timeline.source")}</dt>
      <dd>{t(`source.${entry.source}`)}</dd>
      <dt>{t("timeline.received")}</dt>
      <dd>{formatExact(new Date(entry.received_at))}</dd>
      {entry.message_id && (
        <>
          <dt>{t("timeline.messageId")}</dt>
          <dd>{entry.message_id}</dd>
        </>
      )}
      <Json name={t("timeline.properties")} value={entry.properties} />
      <Json name={t("timeline.context")} value={entry.context} />
    </dl>
  );
}

function Json({ name, value }: { name: string; value: Record<string, unknown> }) {
  if (Object.keys(value).length === 0) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <pre className={classes.json}>{JSON.stringify(value, null, 2)}</pre>
      </dd>
    </>
  );
}
