import type { TimelineEntry } from "../api/client";

// What says most about an event in one line: a note, else the page, the campaign and the other short
// properties.
export function summary(entry: Pick<TimelineEntry, "note" | "properties" | "context">): string {
  const { note, properties } = entry;
  const page = text(properties.path) ?? text(properties.url);
  const others = Object.entries(properties)
    .filter(([name]) => !pageProperties.has(name))
    .map(([name, value]) => (text(value) === null ? null : `${name}: ${text(value)}`))
    .filter((part) => part !== null)
    .slice(0, 3);
  return [note, page, campaign(entry.context), ...others].filter(Boolean).join(" · ");
}

const pageProperties = new Set(["path", "url", "title", "referrer", "search", "name", "category"]);

function campaign(context: Record<string, unknown>): string | null {
  const { campaign } = context;
  if (typeof campaign !== "object" || campaign === null) return null;
  const { name, source } = campaign as Record<string, unknown>;
  return text(name) ?? text(source);
}

function text(value: unknown): string | null {
  if (typeof value === "string" && value !== "") return clip(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return null;
}

const clip = (value: string) => (value.length > 80 ? `${value.slice(0, 79)}…` : value);
