import { Alert, Button, CopyButton, Loader } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNewWriteKey } from "../api/keys";
import { asProblem } from "../api/problem";
import { IconCheck } from "../ui/icons";
import { useProblemText } from "../ui/problem-text";
import classes from "./FirstEvent.module.css";
import { curlLine } from "./first-event";

// An empty workspace teaches: a key, one event, and the lead shows up by itself.
export function FirstEvent() {
  const { t } = useTranslation();
  const key = useNewWriteKey();
  const secret = key.data?.secret;
  const line = curlLine(window.location.origin, secret ?? t("first.keyPlaceholder"));

  return (
    <section className={classes.first} aria-labelledby="first-title">
      <h2 className={classes.title} id="first-title">
        {t("first.title")}
      </h2>
      <p className={classes.lead}>{t("first.lead")}</p>
      <ol className={classes.steps}>
        <Step title={t("first.step1")} help={t("first.step1Help")} done={Boolean(secret)}>
          {secret ? (
            <span className={classes.done} role="status">
              {t("first.made")}
            </span>
          ) : (
            <Button
              size="xs"
              loading={key.isPending}
              onClick={() => key.mutate(t("first.keyName"))}
            >
              {t("first.make")}
            </Button>
          )}
          {key.isError && <KeyProblem error={key.error} />}
        </Step>
        <Step title={t("first.step2")} help={t("first.step2Help")}>
          <CommandLine text={line} />
          <p className={classes.help}>{t("first.segment")}</p>
        </Step>
        <Step title={t("first.step3")} help={t("first.step3Help")}>
          <Loader type="dots" size="sm" aria-hidden />
        </Step>
      </ol>
    </section>
  );
}

interface StepProps {
  title: string;
  help: string;
  done?: boolean;
  children: ReactNode;
}

function Step({ title, help, done, children }: StepProps) {
  return (
    <li className={classes.step} data-done={done || undefined}>
      <h3 className={classes.stepTitle}>
        {title}
        {done && <IconCheck className={classes.check} size={16} />}
      </h3>
      <p className={classes.help}>{help}</p>
      {children}
    </li>
  );
}

function CommandLine({ text }: { text: string }) {
  const { t } = useTranslation();
  return (
    <div className={classes.command}>
      <pre className={classes.code}>{text}</pre>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button className={classes.copy} size="compact-xs" variant="default" onClick={copy}>
            {t(copied ? "first.copied" : "first.copy")}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}

function KeyProblem({ error }: { error: unknown }) {
  const { title, detail } = useProblemText(asProblem(error));
  return (
    <Alert color="red" variant="light" role="alert" title={title}>
      {detail}
    </Alert>
  );
}
