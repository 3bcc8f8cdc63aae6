import { Text } from "@mantine/core";
import { memo } from "react";
import { STATUS_WORDS } from "../actions/statusWords";
import { Told } from "../actions/Told";
import { COACHING_PHASE_LABELS } from "../enums/coachingPhase";
import { ERROR_KIND_LABELS } from "../enums/errorKind";
import { MessageRole } from "../enums/messageRole";
import { Facts } from "./Facts";
import { factsOf } from "./factsOf";
import { labelOf, own } from "./labels";
import type { Asked, ExpectedAction, Said, Turn } from "./scenarioFile";
import classes from "./Turns.module.css";
import { Words } from "./Words";

interface Props {
  before: readonly Said[];
  turns: readonly Turn[];
  names: ReadonlyMap<string, string>;
  /** What is expected of each action, where all of them are told of. */
  expected: readonly ExpectedAction[] | null;
}

/** The conversation as it is to be read: who says what, and what the coach does about it. */
export function Turns({ before, turns, names, expected }: Props) {
  return (
    <>
      {before.length > 0 && (
        <ol className={classes.turns} aria-label="What was said before">
          {before.map(({ role, content }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: messages never change their places
            <li key={index} className={classes.turn}>
              <Bubble role={role} text={content} about="what was said before" />
            </li>
          ))}
        </ol>
      )}
      <ol className={classes.turns} aria-label="Turns">
        {turns.map((turn) => (
          <TurnView key={turn.number} turn={turn} names={names} expected={expected} />
        ))}
      </ol>
    </>
  );
}

interface TurnProps extends Pick<Props, "names" | "expected"> {
  turn: Turn;
}

const TurnView = memo(function TurnView({ turn, names, expected }: TurnProps) {
  const { number, user, phase, message, actions } = turn;
  const about = `turn ${number}`;
  return (
    <li className={classes.turn} data-turn={number}>
      <h3 className={classes.number}>
        Turn {number}
        {phase && ` · asked in the phase ${own(COACHING_PHASE_LABELS, phase) ?? phase}`}
      </h3>
      {user !== null && <Bubble role={MessageRole.USER} text={user} about={about} />}
      {message !== null && (
        <Bubble role={MessageRole.COACH} text={message} about={about}>
          {actions.length > 0 && (
            <ul className={classes.actions}>
              {actions.map((asked) => (
                <AskedAction
                  key={asked.index}
                  asked={asked}
                  names={names}
                  expected={expected?.[asked.index] ?? null}
                />
              ))}
            </ul>
          )}
        </Bubble>
      )}
      {user === null && message === null && (
        <Text size="sm" c="dimmed">
          Nothing is said.
        </Text>
      )}
    </li>
  );
});

interface BubbleProps {
  role: string;
  text: string;
  about: string;
  children?: React.ReactNode;
}

function Bubble({ role, text, about, children }: BubbleProps) {
  const isUser = role === MessageRole.USER;
  return (
    <div className={classes.bubble} data-role={role}>
      <div className={classes.who}>{isUser ? "User" : "Coach"}</div>
      <Words text={text} about={about} />
      {children}
    </div>
  );
}

interface AskedProps {
  asked: Asked;
  names: ReadonlyMap<string, string>;
  expected: ExpectedAction | null;
}

function AskedAction({ asked: { type, parameters }, names, expected }: AskedProps) {
  const label = labelOf(type);
  return (
    <li className={classes.action}>
      <strong>{label}</strong>
      <Facts facts={factsOf(parameters, names)} about={label} />
      {expected && (
        <Text size="sm" c="dimmed" className={classes.expected}>
          Expected: {expectedInWords(expected)}
        </Text>
      )}
    </li>
  );
}

/** What is expected of an action: its status, and the sentence that tells of it. */
export function expectedInWords({ status, summary, errorKind }: ExpectedAction) {
  const kind = own(ERROR_KIND_LABELS, errorKind) ?? errorKind;
  return (
    <>
      {own(STATUS_WORDS, status) ?? status}
      {kind && ` (${kind})`}
      {summary && (
        <>
          . <Told text={summary} />
        </>
      )}
    </>
  );
}
