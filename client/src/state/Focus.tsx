import { Text } from "@mantine/core";
import type { CoachState } from "../api/types";
import { IDENTITY_CATEGORY_LABELS } from "../enums/identityCategory";
import { Section } from "./Section";

/** The category that the conversation is about, and those that were skipped. */
export function Focus({ coachState }: { coachState: CoachState }) {
  const skipped = coachState.skipped_identity_categories.map(
    (category) => IDENTITY_CATEGORY_LABELS[category],
  );
  return (
    <Section title="In focus" changes={["focus", "skipped"]}>
      <Text size="sm">{IDENTITY_CATEGORY_LABELS[coachState.identity_focus]}</Text>
      {skipped.length > 0 && (
        <Text size="sm" c="dimmed">
          Skipped for now: {skipped.join(", ")}.
        </Text>
      )}
    </Section>
  );
}
