import { ActionIcon, Burger, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { NavLink, Outlet, useLocation } from "react-router";
import { sessionQuery, useSignOut } from "../api/session";
import { IconSignOut } from "../ui/icons";
import { Brand } from "./Brand";
import classes from "./Shell.module.css";
import { screens } from "./screens";

// The frame around every screen: navigation at the left, on a phone behind a button at the top.
export function Shell() {
  const { t } = useTranslation();
  const { data: session } = useQuery(sessionQuery);
  const [open, menu] = useDisclosure(false);
  const main = useMainFocus();

  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main">
        {t("app.skip")}
      </a>
      <header className={classes.side} data-open={open || undefined}>
        <div className={classes.brand}>
          <Brand />
          <span className={classes.workspace} dir="auto">
            {session?.workspace.name ?? t("app.name")}
          </span>
          <Burger
            className={classes.burger}
            size="sm"
            opened={open}
            onClick={menu.toggle}
            aria-expanded={open}
            aria-label={t(open ? "app.closeNavigation" : "app.openNavigation")}
          />
        </div>
        <nav className={classes.nav} aria-label={t("app.navigation")}>
          {screens.map((screen) => (
            <NavLink
              key={screen.path}
              to={screen.path}
              className={classes.link}
              onClick={menu.close}
            >
              <screen.icon size={17} />
              {t(screen.label)}
            </NavLink>
          ))}
        </nav>
        <UserLine email={session?.user.email ?? ""} />
      </header>
      <main id="main" ref={main} className={classes.main} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}

function UserLine({ email }: { email: string }) {
  const { t } = useTranslation();
  const signOut = useSignOut();
  return (
    <div className={classes.user}>
      <span className={classes.email} title={email}>
        {email}
      </span>
      <Tooltip label={t("app.signOut")} withArrow>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t("app.signOut")}
          loading={signOut.isPending}
          onClick={() => signOut.mutate()}
        >
          <IconSignOut size={16} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

// After a change of screen the keyboard continues in the new content, not where the old link was.
function useMainFocus() {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    if (!main.current?.contains(document.activeElement)) main.current?.focus();
  }, [pathname]);
  return main;
}
