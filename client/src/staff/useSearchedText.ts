import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";

const KEEP_MS = 300;

/** The text that is searched for, as the address has it, and how to search for another. */
export function useSearchedText(): [text: string, find: (text: string) => void] {
  const [search, setSearch] = useSearchParams();
  const inAddress = search.get("q") ?? "";
  const [text, setText] = useState(inAddress);
  const kept = useRef(inAddress);
  // Not at each letter: browsers allow only so many changes of the address.
  const keep = useDebouncedCallback((q: string) => {
    kept.current = q;
    setSearch(q === "" ? {} : { q }, { replace: true });
  }, KEEP_MS);
  useEffect(() => {
    if (inAddress === kept.current) return;
    kept.current = inAddress;
    setText(inAddress);
  }, [inAddress]);
  const find = (q: string) => {
    setText(q);
    keep(q);
  };
  return [text, find];
}
