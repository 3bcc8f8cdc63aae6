import { IconPlayerPlay, IconPlugConnectedX } from "@tabler/icons-react";
import classes from "./OfflineCoachBanner.module.css";

/** Tells that no language model answers, so that nobody takes the built-in coach's rules for one. */
export function OfflineCoachBanner() {
  return (
    <aside className={classes.banner} aria-label="About the coach">
      <IconPlugConnectedX size={18} aria-hidden />
      <span>The built-in offline coach answers: it follows simple rules and asks no language model.</span>
    </aside>
  );
}

/** Tells that what the coach says was written down before, whatever the user says. */
export function RecordedSessionBanner() {
  return (
    <aside className={classes.banner} aria-label="About the coach">
      <IconPlayerPlay size={18} aria-hidden />
      <span>A recorded session is being played: the coach's answers were written down before.</span>
    </aside>
  );
}
