import classes from "./StatusMark.module.css";
import type { Wording } from "./wording";

/** An action's state: a sign and a word. */
export function StatusMark({ wording: { icon: Icon, tone, label } }: { wording: Wording }) {
  return (
    <span className={classes.mark} data-tone={tone}>
      <Icon className={classes.icon} size="1.15em" stroke={2} aria-hidden />
      <span className={classes.label}>{label}</span>
    </span>
  );
}
