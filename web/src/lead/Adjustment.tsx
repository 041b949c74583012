import { Alert, Button, Textarea, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { newIdempotencyKey } from "../api/client";
import { useAdjustment } from "../api/leads";
import { asProblem } from "../api/problem";
import { formatChange } from "../format/numbers";
import { IconPencil } from "../ui/icons";
import { useProblemText } from "../ui/problem-text";
import classes from "./Adjustment.module.css";
import { readPoints } from "./points";

// Points by hand, with a reason that everybody can read in the ledger.
export function Adjustment({ id }: { id: string }) {
  const { t } = useTranslation();
  const [open, form] = useDisclosure(false);
  const [done, setDone] = useState<number | null>(null);
  const opener = useRef<HTMLButtonElement>(null);

  const close = () => {
    form.close();
    requestAnimationFrame(() => opener.current?.focus());
  };

  return (
    <div className={classes.adjustment}>
      {open ? (
        <AdjustmentForm
          id={id}
          close={close}
          onDone={(points) => {
            setDone(points);
            close();
          }}
        />
      ) : (
        <Button
          ref={opener}
          size="xs"
          variant="default"
          leftSection={<IconPencil size={14} />}
          onClick={() => {
            setDone(null);
            form.open();
          }}
        >
          {t("adjust.open")}
        </Button>
      )}
      <span className={classes.done} role="status">
        {done !== null && t("adjust.done", { points: formatChange(done) })}
      </span>
    </div>
  );
}

interface AdjustmentFormProps {
  id: string;
  close: () => void;
  onDone: (points: number) => void;
}

function AdjustmentForm({ id, close, onDone }: AdjustmentFormProps) {
  const { t } = useTranslation();
  const adjustment = useAdjustment(id);
  const [points, setPoints] = useState("");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const key = useRef(newIdempotencyKey()); // of what the fields say now: sent twice, done once

  const amount = readPoints(points);
  const problem = adjustment.error ? asProblem(adjustment.error) : null;
  const edit = (set: (text: string) => void) => (event: { currentTarget: { value: string } }) => {
    set(event.currentTarget.value);
    key.current = newIdempotencyKey();
    adjustment.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (amount === null || reason.trim() === "") return;
    adjustment.mutate(
      { points: amount, reason: reason.trim(), key: key.current },
      { onSuccess: () => onDone(amount) },
    );
  };

  const pointsWrong = tried && amount === null ? t("adjust.pointsWrong") : undefined;
  const reasonWrong = tried && reason.trim() === "" ? t("adjust.reasonWrong") : undefined;
  return (
    <form className={classes.form} aria-label={t("adjust.title")} noValidate onSubmit={submit}>
      {problem?.fields.size === 0 && <SendProblem problem={problem} />}
      <TextInput
        label={t("adjust.points")}
        description={t("adjust.pointsHelp")}
        inputMode="text"
        autoComplete="off"
        autoFocus
        maxLength={6}
        value={points}
        onChange={edit(setPoints)}
        error={pointsWrong ?? problem?.fields.get("/points")}
      />
      <Textarea
        label={t("adjust.reason")}
        description={t("adjust.reasonHelp")}
        rows={2}
        maxLength={500}
        value={reason}
        onChange={edit(setReason)}
        error={reasonWrong ?? problem?.fields.get("/reason")}
      />
      <div className={classes.buttons}>
        <Button size="xs" type="submit" loading={adjustment.isPending}>
          {t("adjust.submit")}
        </Button>
        <Button size="xs" variant="default" onClick={close}>
          {t("adjust.cancel")}
        </Button>
      </div>
    </form>
  );
}

function SendProblem({ problem }: { problem: ReturnType<typeof asProblem> }) {
  const { title, detail } = useProblemText(problem);
  return (
    <Alert color="red" variant="light" role="alert" title={title}>
      {detail}
    </Alert>
  );
}
