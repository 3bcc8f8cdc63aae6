import { UnstyledButton, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import classes from "./Words.module.css";

const MANY = 700;

/** A text as it was written; only the beginning of a very long one, until all is asked for. */
export function Words({ text, about }: { text: string; about: string }) {
  const [isOpen, { toggle }] = useDisclosure(false);
  const isLong = text.length > MANY;
  return (
    <>
      <div className={classes.words} dir="auto">
        {isLong && !isOpen ? `${beginning(text)}…` : text}
      </div>
      {isLong && (
        <UnstyledButton className={classes.more} onClick={toggle} aria-expanded={isOpen}>
          {isOpen ? "Show less" : `Show all ${text.length} characters`}
          <VisuallyHidden component="span">: {about}</VisuallyHidden>
        </UnstyledButton>
      )}
    </>
  );
}

/** Cut between characters: not within one that takes two places. */
function beginning(text: string): string {
  return text.slice(0, MANY / 2).replace(/[\uD800-\uDBFF]$/, "");
}
