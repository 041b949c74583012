import { Button } from "@mantine/core";
import classes from "./Notice.module.css";

interface NoticeProps {
  title: string;
  detail?: string;
  alert?: boolean; // read out at once
  action?: { label: string; run: () => unknown };
}

// Says what is so, and offers what to do: for errors, empty results and lost pages.
export function Notice({ title, detail, alert, action }: NoticeProps) {
  return (
    <div className={classes.notice} role={alert ? "alert" : undefined}>
      <h2 className={classes.title}>{title}</h2>
      {detail && <p className={classes.detail}>{detail}</p>}
      {action && (
        <Button variant="default" size="xs" onClick={() => void action.run()}>
          {action.label}
        </Button>
      )}
    </div>
  );
}
