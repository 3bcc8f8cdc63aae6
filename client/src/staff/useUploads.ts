import { useCallback, useRef, useState } from "react";
import { useAnnounce } from "../page/announce";
import { useAsk } from "./ask";
import { useRefreshScenarios } from "./queries";
import { inWords, type Outcome, upload } from "./upload";

export interface Upload {
  key: number;
  file: File;
  outcome: Outcome;
}

export interface Uploads {
  all: readonly Upload[];
  add: (files: readonly File[]) => void;
  /** Sends these again; what has their names is replaced by them. */
  replace: (uploads: readonly Upload[]) => void;
  again: (uploads: readonly Upload[]) => void;
  clear: () => void;
}

const WAITING: Outcome = { kind: "waiting" };

/** Sends files one after the other, and keeps what became of each. */
export function useUploads(): Uploads {
  const ask = useAsk();
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
        const outcome = await upload(ask, file, replace);
        outcomes.push(outcome);
        set(key, outcome);
      }
      refresh();
      announce(inWords(outcomes));
    };
    sent.current = sent.current.then(sendAll);
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
    add,
    replace: (uploads) => resend(uploads, true),
    again: (uploads) => resend(uploads, false),
    clear: () => setAll([]),
  };
}
