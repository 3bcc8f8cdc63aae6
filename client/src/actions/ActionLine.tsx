import { memo } from "react";
import type { Action } from "../api/types";
import { ActionStatus } from "../enums/actionStatus";
import classes from "./ActionLine.module.css";
import { StatusMark } from "./StatusMark";
import { Told } from "./Told";
import { useNow } from "./useNow";
import { describe } from "./wording";

interface Props {
  action: Action;
  /** How many open actions stand before it in its lane. */
  ahead: number | null;
}

/** One action and what has become of it so far, in one line where there is room. */
export const ActionLine = memo(function ActionLine({ action, ahead }: Props) {
  const now = useNow(action.status === ActionStatus.RETRYING);
  const wording = describe(action, ahead, now);
  return (
    <div className={classes.line} data-action-id={action.id} data-status={action.status}>
      <StatusMark wording={wording} />
      {!isNamedBy(wording.detail, action) && <span className={classes.name}>{action.label}</span>}
      {wording.detail !== "" && (
        <span className={classes.detail}>
          <Told text={wording.detail} />
        </span>
      )}
    </div>
  );
});

/** Whether the sentence says what the action is: that of a done one does. */
function isNamedBy(sentence: string, { status, label }: Action): boolean {
  return (status === ActionStatus.SUCCEEDED && sentence !== "") || sentence.includes(label);
}
