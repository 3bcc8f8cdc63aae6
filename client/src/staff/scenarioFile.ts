/** A scenario's file as the page shows it. What another version wrote in another shape is left out, never a failure. */
export interface ScenarioFile {
  user: string;
  start: Situation;
  /** What was said before the first turn. */
  messages: Said[];
  turns: Turn[];
  expect: Situation;
  /** What is expected of each action that is asked for, in order; null where nothing is. */
  expectedActions: ExpectedAction[] | null;
  /** The messages that are expected; null where none are. */
  expectedMessages: Said[] | null;
}

/** How a user stands; what is null is not told. */
export interface Situation {
  coachState: Fields;
  identities: Fields[] | null;
  userNotes: Fields[] | null;
}

export type Fields = Readonly<Record<string, unknown>>;

export interface Said {
  role: string;
  content: string;
}

export interface Turn {
  number: number;
  user: string | null;
  phase: string | null;
  message: string | null;
  actions: Asked[];
}

/** An action that a turn asks for; `index` counts through the whole scenario. */
export interface Asked {
  index: number;
  type: string;
  parameters: Fields;
}

export interface ExpectedAction {
  type: string;
  status: string;
  summary: string;
  errorKind: string;
}

export function fileOf(content: Fields): ScenarioFile {
  const start = fields(content.start);
  const expect = fields(content.expect);
  const user = fields(start.user);
  return {
    user: [user.first_name, user.last_name].map(text).filter(Boolean).join(" "),
    start: situationOf(start),
    messages: saidIn(start.messages) ?? [],
    turns: turnsOf(content.turns),
    expect: situationOf(expect),
    expectedActions: rows(expect.actions)?.map(expectedActionOf) ?? null,
    expectedMessages: saidIn(expect.messages),
  };
}

/** What references stand for, as far as the start tells: `$gardener` for “Night Gardener”. */
export function namesIn({ start }: ScenarioFile): ReadonlyMap<string, string> {
  const all = [...(start.identities ?? []), ...(start.userNotes ?? [])];
  return new Map(all.map((row) => [`$${text(row.ref)}`, text(row.name) || text(row.note)]));
}

/** What one reference stands for: those by name tell it themselves. */
export function named(reference: string, names: ReadonlyMap<string, string>): string {
  return names.get(reference) ?? reference.replace(BY_NAME, "");
}

const BY_NAME = /^\$(identity|note):/;

function turnsOf(value: unknown): Turn[] {
  let index = 0;
  return (rows(value) ?? []).map((turn, place) => {
    const { message, ...asked } = fields(turn.response);
    const actions = Object.entries(asked)
      .filter(([, action]) => action !== null)
      .map(([type, action]) => ({ index: index++, type, parameters: fields(fields(action).params) }));
    return {
      number: place + 1,
      user: textOrNull(turn.user),
      phase: textOrNull(turn.phase),
      message: textOrNull(message),
      actions,
    };
  });
}

function situationOf(part: Fields): Situation {
  return {
    coachState: fields(part.coach_state),
    identities: rows(part.identities),
    userNotes: rows(part.user_notes),
  };
}

function expectedActionOf(action: Fields): ExpectedAction {
  return {
    type: text(action.action_type),
    status: text(action.status),
    summary: text(action.result_summary),
    errorKind: text(action.error_kind),
  };
}

function saidIn(value: unknown): Said[] | null {
  return rows(value)?.map(({ role, content }) => ({ role: text(role), content: text(content) })) ?? null;
}

function rows(value: unknown): Fields[] | null {
  return Array.isArray(value) ? value.map(fields) : null;
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
