import { Button, Group, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useId, useMemo, useRef } from "react";
import { useParams } from "react-router";
import type { Scenario } from "../api/types";
import { exactly } from "../page/moment";
import { DeleteScenario } from "./DeleteScenario";
import { download } from "./download";
import { Gone } from "./Failed";
import { Fetched } from "./Fetched";
import { labelOf } from "./labels";
import { useScenario } from "./queries";
import { ReplayForm } from "./ReplayForm";
import classes from "./ScenarioPage.module.css";
import { SituationView } from "./SituationView";
import { StaffPage } from "./StaffPage";
import { type ExpectedAction, fileOf, namesIn, type ScenarioFile } from "./scenarioFile";
import { byWhom, countOf, isGone } from "./sentences";
import { expectedInWords, Turns } from "./Turns";
import { Words } from "./Words";

const BACK = { to: "/scenarios", name: "All scenarios" };

/** One scenario: how it begins, what is said and done, and what must come of it. */
export function ScenarioPage() {
  const { id = "" } = useParams();
  const query = useScenario(id);
  const isThere = !isGone(query.error);
  return (
    <StaffPage title={(isThere && query.data?.name) || "Scenario"} back={BACK}>
      {isThere ? (
        <Fetched what="The scenario" data={query.data} query={query}>
          {(scenario) => <Shown scenario={scenario} />}
        </Fetched>
      ) : (
        <Gone
          what="This scenario is not there. It may have been deleted."
          list="/scenarios"
          name="Show all scenarios"
        />
      )}
    </StaffPage>
  );
}

function Shown({ scenario }: { scenario: Scenario }) {
  const { id, name, description, content, turns, actions, added_by, created_at } = scenario;
  const [isDeleting, deleting] = useDisclosure(false);
  const deleteButton = useRef<HTMLButtonElement>(null);
  const file = useMemo(() => fileOf(content), [content]);
  const names = useMemo(() => namesIn(file), [file]);
  const beside = file.expectedActions?.length === actions ? file.expectedActions : null;
  return (
    <>
      <div>
        {description && <Words text={description} about="description" />}
        <Text size="sm" c="dimmed">
          {countOf(turns, "turn")}, {countOf(actions, "action")}, added {byWhom(added_by)},{" "}
          <time dateTime={created_at}>{exactly(created_at)}</time>
        </Text>
      </div>
      <Group gap="md" align="start" justify="space-between">
        <ReplayForm ids={[id]} />
        <Group gap="sm">
          <Button
            variant="default"
            leftSection={<IconDownload size={18} />}
            onClick={() => download(name, content)}
          >
            Download
          </Button>
          <Button
            ref={deleteButton}
            variant="default"
            leftSection={<IconTrash size={18} />}
            onClick={deleting.open}
          >
            Delete…
          </Button>
        </Group>
      </Group>
      <Section title="At the start">
        <Start file={file} names={names} />
      </Section>
      <Section title="The conversation">
        <Turns before={file.messages} turns={file.turns} names={names} expected={beside} />
      </Section>
      <Section title="What is expected">
        <Expected file={file} names={names} isBeside={beside !== null} />
      </Section>
      <DeleteScenario
        scenario={scenario}
        isOpen={isDeleting}
        close={deleting.close}
        onClosed={() => deleteButton.current?.focus()}
      />
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={classes.section}>
      <Title order={2} size="h4" id={id}>
        {title}
      </Title>
      {children}
    </section>
  );
}

interface PartProps {
  file: ScenarioFile;
  names: ReadonlyMap<string, string>;
}

function Start({ file: { user, start }, names }: PartProps) {
  const hasMore = Object.keys(start.coachState).length > 0 || start.identities || start.userNotes;
  return (
    <>
      <Text size="sm">
        {user ? <bdi>{user}</bdi> : "A new user"}, at the beginning of the coaching
        {hasMore ? " but for this:" : "."}
      </Text>
      <SituationView situation={start} names={names} />
    </>
  );
}

function Expected({ file, names, isBeside }: PartProps & { isBeside: boolean }) {
  const { expect, expectedActions, expectedMessages } = file;
  const isNothing =
    Object.keys(expect.coachState).length === 0 &&
    [expect.identities, expect.userNotes, expectedActions, expectedMessages].every((part) => part === null);
  if (isNothing)
    return <Text size="sm">Nothing is written down: only that all copies come to the same.</Text>;
  return (
    <>
      <SituationView situation={expect} names={names} />
      {expectedMessages && (
        <div>
          <h3 className={classes.heading}>Messages</h3>
          <Text size="sm">
            {expectedMessages.length === 0
              ? "None."
              : `${countOf(expectedMessages.length, "message")}, in these words and in this order.`}
          </Text>
          {expectedMessages.length > 0 && (
            <details className={classes.messages}>
              <summary>Show the messages</summary>
              <ol>
                {expectedMessages.map(({ role, content }, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: messages never change their places
                  <li key={index}>
                    <Words text={`${role === "user" ? "User" : "Coach"}: ${content}`} about="message" />
                  </li>
                ))}
              </ol>
            </details>
          )}
        </div>
      )}
      {expectedActions && (
        <div>
          <h3 className={classes.heading}>Actions</h3>
          {isBeside ? (
            <Text size="sm">
              {expectedActions.length === 0
                ? "None."
                : "What must become of each action stands beside it in the conversation."}
            </Text>
          ) : (
            <ExpectedActions actions={expectedActions} />
          )}
        </div>
      )}
    </>
  );
}

/** Where they are not as many as are asked for, they cannot stand beside those. */
function ExpectedActions({ actions }: { actions: readonly ExpectedAction[] }) {
  return (
    <ol className={classes.actions}>
      {actions.map((action, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: actions never change their places
        <li key={index}>
          {labelOf(action.type)}: {expectedInWords(action)}
        </li>
      ))}
    </ol>
  );
}
