import { Text } from "@mantine/core";
import { useUserNotes } from "../api/queries";
import { Section } from "./Section";
import { TextList } from "./TextList";

const SHOWN = 5;

/** What the coach remembers about the user. */
export function Notes() {
  const { data: notes, isError } = useUserNotes();
  return (
    <Section title="What your coach remembers" changes={["user_notes"]}>
      {notes === undefined || notes.length === 0 ? (
        <Text size="sm" c="dimmed">
          {isError ? "The notes cannot be shown right now." : "Nothing yet."}
        </Text>
      ) : (
        <TextList
          items={notes.map(({ id, note }) => ({ id, text: note }))}
          about="what your coach remembers"
          first={SHOWN}
        />
      )}
    </Section>
  );
}
