import { formatAgo, formatExact } from "../format/time";

// How long ago, with the exact moment on hover.
export function When({ at }: { at: string }) {
  const date = new Date(at);
  return (
    <time dateTime={at} title={formatExact(date)}>
      {formatAgo(date, new Date())}
    </time>
  );
}
