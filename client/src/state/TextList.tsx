import { useDisclosure } from "@mantine/hooks";
import { Disclosure } from "./Disclosure";
import { LongText } from "./LongText";
import classes from "./TextList.module.css";

interface TextListProps {
  items: readonly { id: string; text: string }[];
  about: string;
  /** How many are shown before more are asked for. */
  first: number;
}

/** Short texts under each other; the first few of many, until all are asked for. */
export function TextList({ items, about, first }: TextListProps) {
  const [isOpen, { toggle }] = useDisclosure(false);
  const hasMore = items.length > first;
  const shown = isOpen ? items : items.slice(0, first);
  return (
    <>
      <ul className={classes.list} aria-label={about}>
        {shown.map(({ id, text }) => (
          <li key={id}>
            <LongText text={text} about={about} />
          </li>
        ))}
      </ul>
      {hasMore && (
        <Disclosure
          isOpen={isOpen}
          onToggle={toggle}
          more={`Show all ${items.length}`}
          less={`Show the first ${first}`}
          about={about}
        />
      )}
    </>
  );
}
