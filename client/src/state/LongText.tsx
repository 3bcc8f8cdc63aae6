import { useDisclosure } from "@mantine/hooks";
import { Disclosure } from "./Disclosure";
import classes from "./LongText.module.css";

const CHARACTERS = 280;
const LINES = 6;

/** What someone wrote, as they wrote it; only the beginning of a long one, until more is asked for. */
export function LongText({ text, about }: { text: string; about: string }) {
  const [isOpen, { toggle }] = useDisclosure(false);
  const isLong = text.length > CHARACTERS || text.split("\n").length > LINES;
  return (
    <>
      <p className={classes.text} dir="auto" data-clamped={(isLong && !isOpen) || undefined}>
        {text}
      </p>
      {isLong && (
        <Disclosure isOpen={isOpen} onToggle={toggle} more="Show more" less="Show less" about={about} />
      )}
    </>
  );
}
