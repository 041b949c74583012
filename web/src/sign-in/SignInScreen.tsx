import { Alert, Button, PasswordInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { Trans, useTranslation } from "react-i18next";
import { Navigate, useLocation } from "react-router";
import { asProblem } from "../api/problem";
import { sessionQuery, useSignIn } from "../api/session";
import { Brand } from "../app/Brand";
import { useProblemText } from "../ui/problem-text";
import classes from "./SignInScreen.module.css";

export function SignInScreen() {
  const { t } = useTranslation();
  const { data: session, isPending } = useQuery(sessionQuery);
  const target = useTarget();
  const signIn = useSignIn();

  if (isPending) return null;
  if (session) return <Navigate to={target} replace />;

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    signIn.mutate({ email: String(form.get("email")), password: String(form.get("password")) });
  };

  return (
    <main className={classes.page}>
      <title>{`${t("signIn.title")} · ${t("app.name")}`}</title>
      <div className={classes.card}>
        <div className={classes.head}>
          <Brand size={40} />
          <h1 className={classes.title}>{t("app.name")}</h1>
          <p className={classes.lead}>{t("signIn.lead")}</p>
        </div>
        <form className={classes.form} onSubmit={submit}>
          {signIn.isError && <SignInProblem error={signIn.error} />}
          <TextInput
            name="email"
            type="email"
            label={t("signIn.email")}
            autoComplete="username"
            required
            withAsterisk={false}
            autoFocus
          />
          <PasswordInput
            name="password"
            label={t("signIn.password")}
            autoComplete="current-password"
            required
            withAsterisk={false}
          />
          <Button type="submit" fullWidth loading={signIn.isPending}>
            {t("signIn.submit")}
          </Button>
        </form>
        <p className={classes.help}>
          <Trans i18nKey="signIn.help" components={{ code: <code /> }} />
        </p>
      </div>
    </main>
  );
}

function SignInProblem({ error }: { error: unknown }) {
  const { detail } = useProblemText(asProblem(error));
  return (
    <Alert color="red" variant="light" role="alert">
      {detail}
    </Alert>
  );
}

// Where the user wanted to go before they were asked to sign in.
function useTarget(): string {
  const state: unknown = useLocation().state;
  if (typeof state === "object" && state && "from" in state && typeof state.from === "string")
    return state.from;
  return "/leads";
}
