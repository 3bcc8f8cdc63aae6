import { type ReactNode, Suspense } from "react";
import { Link, NavLink, useLocation } from "react-router";
import type { SessionState } from "../api/types";
import { Loading } from "../page/Loading";
import { ErrorBoundary } from "./ErrorBoundary";
import { LiveStatus } from "./LiveStatus";
import classes from "./Shell.module.css";
import { UserMenu } from "./UserMenu";
import { useFocusOnNavigation } from "./useFocusOnNavigation";

interface Props {
  session: SessionState;
  children: ReactNode;
}

/** What stands around every page. */
export function Shell({ session, children }: Props) {
  const { pathname } = useLocation();
  const main = useFocusOnNavigation(pathname);
  return (
    <>
      <a href="#main" className={classes.skip}>
        Skip to the page
      </a>
      <header className={classes.header}>
        <Link to="/" className={classes.name}>
          <img src="/favicon.svg" alt="" width={26} height={26} />
          <span className={classes.word}>Coach</span>
        </Link>
        {session.user && (
          <>
            <nav aria-label="Pages" className={classes.pages}>
              <NavLink to="/" end>
                Chat
              </NavLink>
              <NavLink to="/history">History</NavLink>
            </nav>
            <LiveStatus />
            <UserMenu user={session.user} flowerUrl={session.flower_url} />
          </>
        )}
      </header>
      <main ref={main} id="main" tabIndex={-1} className={classes.main}>
        <ErrorBoundary key={pathname}>
          <Suspense fallback={<Loading />}>{children}</Suspense>
        </ErrorBoundary>
      </main>
    </>
  );
}
