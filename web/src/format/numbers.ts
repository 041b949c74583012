import { locale } from "../i18n";

// A score or its parts: whole numbers mostly, tenths where points decay.
export function formatPoints(points: number, digits = 1): string {
  const format = new Intl.NumberFormat(locale(), { maximumFractionDigits: digits });
  return format.format(points === 0 ? 0 : points).replace("-", "−");
}

// A change of points, always with its sign.
export function formatChange(points: number, digits = 2): string {
  const text = formatPoints(points, digits);
  return points > 0 ? `+${text}` : text;
}

export function formatCount(count: number): string {
  return new Intl.NumberFormat(locale()).format(count);
}
