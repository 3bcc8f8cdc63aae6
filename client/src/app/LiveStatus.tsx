import { useEffect, useRef, useState } from "react";
import { useLiveStatus } from "../live/LiveProvider";
import { useAnnounce } from "../page/announce";
import classes from "./LiveStatus.module.css";

/** A line that is back within this time was never gone, to a person. */
const PATIENCE_MS = 1_500;

const MEANWHILE = "You can go on writing.";

/** Says when the page does not hear from the server; says nothing when all is well. */
export function LiveStatus() {
  const isCut = useIsCut();
  useSpokenCut(isCut);
  if (!isCut) return <span className={classes.slot} />;
  return (
    <span className={classes.slot}>
      <span className={classes.cut} data-cut>
        <span className={classes.dot} aria-hidden="true" />
        Reconnecting…
      </span>
      <span className={classes.hint}>{MEANWHILE}</span>
    </span>
  );
}

function useIsCut(): boolean {
  const status = useLiveStatus();
  const [isCut, setIsCut] = useState(false);
  useEffect(() => {
    if (status === "live") {
      setIsCut(false);
      return;
    }
    if (status !== "reconnecting") return;
    const timer = setTimeout(() => setIsCut(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [status]);
  return isCut;
}

function useSpokenCut(isCut: boolean): void {
  const announce = useAnnounce();
  const wasCut = useRef(false);
  useEffect(() => {
    if (isCut) announce(`The connection is lost. Reconnecting. ${MEANWHILE}`);
    else if (wasCut.current) announce("Connected again.");
    wasCut.current = isCut;
  }, [isCut, announce]);
}
