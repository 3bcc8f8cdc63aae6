import { useDisclosure } from "@mantine/hooks";
import { useId } from "react";
import { useNow } from "../actions/useNow";
import { describe } from "../actions/wording";
import { isOpen } from "../live/lane";
import type { EntryProps } from "./entry";
import { timingsInWords } from "./timings";

/** What a row and a card say of an action, and whether its details are shown. */
export function useEntry({ action, ahead }: EntryProps) {
  const [isShown, { toggle }] = useDisclosure(false);
  const id = useId();
  const now = useNow(isOpen(action));
  const attempts = action.attempt > 1 ? `, ${action.attempt} attempts` : "";
  return {
    now,
    wording: describe(action, ahead, now),
    took: timingsInWords(action, now) + attempts,
    isShown,
    details: { isShown, toggle, of: action.label, controls: id },
  };
}
