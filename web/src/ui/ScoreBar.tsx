import classes from "./ScoreBar.module.css";

interface ScoreBarProps {
  fit: number;
  interest: number;
  threshold?: number; // drawn as a tick
}

// Fit and interest end to end on a scale of 100 (more, if the score is higher). Negative points shorten
// the other part. Decoration: the numbers stand beside it.
export function ScoreBar({ fit, interest, threshold }: ScoreBarProps) {
  const score = fit + interest;
  const scale = Math.max(100, score);
  const total = Math.max(0, score);
  const fitPart = Math.min(Math.max(0, fit), total);
  const percent = (points: number) => `${(points / scale) * 100}%`;
  return (
    <div className={classes.bar} aria-hidden="true">
      <div className={classes.track}>
        <div className={classes.fit} style={{ width: percent(fitPart) }} />
        <div className={classes.interest} style={{ width: percent(total - fitPart) }} />
      </div>
      {threshold !== undefined && (
        <div className={classes.tick} style={{ left: percent(threshold) }} />
      )}
    </div>
  );
}
