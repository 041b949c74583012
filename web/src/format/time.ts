import { i18n, locale } from "../i18n";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

// "3 hours ago". Beyond a month, the date says more.
export function formatAgo(at: Date, now: Date): string {
  const passed = now.getTime() - at.getTime();
  if (Math.abs(passed) < minute) return i18n.t("time.now");
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: "auto", style: "short" });
  if (Math.abs(passed) < hour) return relative.format(-Math.round(passed / minute), "minute");
  if (Math.abs(passed) < day) return relative.format(-Math.round(passed / hour), "hour");
  if (Math.abs(passed) < 30 * day) return relative.format(-Math.round(passed / day), "day");
  return formatDate(at, now);
}

export function formatDate(at: Date, now: Date): string {
  const sameYear = at.getFullYear() === now.getFullYear();
  return new Intl.DateTimeFormat(locale(), {
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(at);
}

export function formatTimeOfDay(at: Date): string {
  return new Intl.DateTimeFormat(locale(), { timeStyle: "short" }).format(at);
}

// The exact moment in the user's zone, for hovering.
export function formatExact(at: Date): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "full", timeStyle: "long" }).format(at);
}

// "Today", "Yesterday" or the date: the heading of a day in the timeline.
export function formatDay(at: Date, now: Date): string {
  const midnight = (date: Date) =>
    new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  const days = Math.round((midnight(now) - midnight(at)) / day);
  if (days === 0) return i18n.t("timeline.today");
  if (days === 1) return i18n.t("timeline.yesterday");
  return new Intl.DateTimeFormat(locale(), { dateStyle: "long" }).format(at);
}
