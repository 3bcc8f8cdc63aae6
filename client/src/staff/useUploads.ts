import { useCallback, useRef, useState } from "react";
import { useAnnounce } from "../page/announce";
import { useRequest } from "./ask";
import { useRefreshScenarios } from "./queries";
import { countedInWords, type Outcome, upload } from "./upload";

export interface Upload {
  key: number;
  file: File;
  outcome: Outcome;
}

export interface Uploads {
  all: readonly Upload[];
  /** Each has come to something: the list may go. */
  areOver: boolean;
  add: (files: readonly File[]) => void;
  /** Sends these again; what has their names is replaced by them. */
  replace: (uploads: readonly Upload[]) => void;
  again: (uploads: readonly Upload[]) => void;
  clear: () => void;
}

const WAITING: Outcome = { kind: "waiting" };

/** Sends files one after the other, and keeps what became of each. */
export function useUploads(): Uploads {
  const request = useRequest();
  const announce = useAnnounce();
  const refresh = useRefreshScenarios();
  const [all, setAll] = useState<readonly Upload[]>([]);
  const last = useRef(0);
  const sent = useRef(Promise.resolve());

  const set = useCallback((key: number, outcome: Outcome) => {
    setAll((before) => before.map((one) => (one.key === key ? { ...one, outcome } : one)));
  }, []);

  const send = (uploads: readonly Upload[], replace: boolean) => {
    const sendAll = async () => {
      const outcomes: Outcome[] = [];
      for (const { key, file } of uploads) {
        set(key, { kind: "sending" });
        const outcome = await upload(request, file, replace);
        outcomes.push(outcome);
        set(key, outcome);
      }
      refresh();
      announce(countedInWords(outcomes));
    };
    sent.current = sent.current.then(sendAll, sendAll);
  };

  const add = (files: readonly File[]) => {
    if (files.length === 0) return;
    const added = files.map((file) => ({ key: ++last.current, file, outcome: WAITING }));
    setAll((before) => [...before, ...added]);
    send(added, false);
  };

  const resend = (uploads: readonly Upload[], replace: boolean) => {
    for (const { key } of uploads) set(key, WAITING);
    send(uploads, replace);
  };

  return {
    all,
    areOver: all.every(({ outcome }) => outcome.kind !== "waiting" && outcome.kind !== "sending"),
    add,
    replace: (uploads) => resend(uploads, true),
    again: (uploads) => resend(uploads, false),
    clear: () => setAll([]),
  };
}
