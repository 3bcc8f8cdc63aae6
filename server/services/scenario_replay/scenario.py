"""A scenario: how a user begins, what is said, and how they should stand in the end.

The models are the file format, `"format": 1`. What they say of themselves is the published JSON schema.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ValidationError,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue

from server.enums.action_status import ActionStatus
from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.enums.error_kind import ErrorKind
from server.enums.get_to_know_you_question import GetToKnowYouQuestion
from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState
from server.enums.message_role import MessageRole
from server.models.coach_chat_response import CoachChatResponse
from server.models.identity_name import name_key
from server.services.action_handler.models.text import MESSAGE_LIMIT, NAME_LIMIT, TEXT_LIMIT, StorableText
from server.services.scenario_replay.places import Place
from server.services.scenario_replay.reading import Problem, problems_of
from server.services.scenario_replay.references import IDENTITY, NOTE, references_in

Item = TypeVar("Item", bound=str)
Ref = Annotated[
    str,
    Field(pattern="^[a-z][a-z0-9_]*$", description="What turns call the row by, after a `$`: `gardener`."),
]


def _no_truth(value: object) -> object:
    if isinstance(value, bool):  # which Python takes for a number
        raise ValueError("there is no such value: write 1")  # noqa: TRY004  (the file is wrong, not the code)
    return value


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("it is blank: write something")
    return text


def refuse_repeated(what: str, values: Sequence[str]) -> None:
    if twice := sorted({value for value in values if values.count(value) > 1}):
        raise ValueError(f"two rows have the same {what} {twice[0]!r}: change one")


def _without_repeats(values: tuple[Item, ...]) -> tuple[Item, ...]:
    if twice := next((value for value in values if values.count(value) > 1), None):
        raise ValueError(f"{str(twice)!r} stands twice in it: remove one")
    return values


Written = Annotated[StorableText, AfterValidator(_not_blank), Field(min_length=1)]
Name = Annotated[Written, Field(max_length=NAME_LIMIT)]
Prose = Annotated[Written, Field(max_length=TEXT_LIMIT)]
OptionalProse = Annotated[StorableText, Field(max_length=TEXT_LIMIT)]
Said = Annotated[Written, Field(max_length=MESSAGE_LIMIT)]
KeptNote = Annotated[Written, Field(max_length=MESSAGE_LIMIT)]  # merging puts names before notes
Once = AfterValidator(_without_repeats)


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Person(Part):
    """What the user is called."""

    first_name: Annotated[StorableText, Field(max_length=150)] = "Sample"
    last_name: Annotated[StorableText, Field(max_length=150)] = "User"


class StartState(Part):
    """Where the user stands; what is left out is as for a new user."""

    current_phase: CoachingPhase = CoachingPhase.INTRODUCTION
    identity_focus: IdentityCategory = IdentityCategory.PASSIONS_AND_TALENTS
    current_identity: Annotated[
        str | None, Field(description="`$REF` of an identity of `start`, or null.")
    ] = None
    skipped_identity_categories: Annotated[tuple[IdentityCategory, ...], Once] = ()
    who_you_are: Annotated[tuple[Name, ...], Once] = ()
    who_you_want_to_be: Annotated[tuple[Name, ...], Once] = ()
    asked_questions: Annotated[tuple[GetToKnowYouQuestion, ...], Once] = ()


class StartIdentity(Part):
    """An identity that the user has; the first is the oldest."""

    ref: Ref
    name: Name
    category: IdentityCategory
    state: IdentityState = IdentityState.PROPOSED
    i_am_statement: OptionalProse = ""
    visualization: OptionalProse = ""
    notes: Annotated[tuple[KeptNote, ...], Once] = ()


class StartNote(Part):
    """Something that the coach remembers; the first is the oldest."""

    ref: Ref
    note: Prose


class StartMessage(Part):
    """Something that was said before."""

    role: MessageRole
    content: Annotated[StorableText, Field(max_length=MESSAGE_LIMIT)]


class Start(Part):
    """The user before the first turn. Everything may be left out."""

    user: Person = Person()
    coach_state: StartState = StartState()
    identities: tuple[StartIdentity, ...] = ()
    user_notes: tuple[StartNote, ...] = ()
    messages: tuple[StartMessage, ...] = ()

    @model_validator(mode="after")
    def _has_each_once(self) -> Self:
        refs = [*(row.ref for row in self.identities), *(row.ref for row in self.user_notes)]
        refuse_repeated("ref", refs)
        refuse_repeated("name, without regard to case,", [name_key(row.name) for row in self.identities])
        current = self.coach_state.current_identity
        if current is not None and current not in {f"${row.ref}" for row in self.identities}:
            raise ValueError(
                f"coach_state.current_identity is {current!r}: name an identity of start, as `$REF`"
            )
        return self


class _ShapeOfAResponse:
    """In the JSON schema, a response has its actions and their parameters; here it is kept as it was written."""

    def __get_pydantic_json_schema__(self, _: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(CoachChatResponse.__pydantic_core_schema__)


class Turn(Part):
    """What the user said, if anything, and the structured response that the coach gave, if it did.

    In the parameters of an action, `$REF` in the place of an id names a row of `start`, `$identity:NAME` the identity
    of that name at that moment, and `$note:TEXT` the note that reads so; of several, `$note#2:TEXT` is the second
    oldest.
    """

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["user"]}, {"required": ["response"]}]}
    )

    user: Said | None = None
    phase: Annotated[
        CoachingPhase | None,
        Field(
            description="The phase that the coach was asked in, which says what it may do; "
            "null or left out: the one that the user is in when its first action comes up."
        ),
    ] = None
    response: Annotated[
        Annotated[dict[str, Any], _ShapeOfAResponse()] | None,
        Field(description='`{"message": …, "<action_type>": {"params": {…}}}`, as in a response file.'),
    ] = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.user is None and self.response is None:
            raise ValueError("it is empty: write what the user said, a response, or both")
        if self.response is None and self.phase is not None:
            raise ValueError("it has a phase and no response: remove the phase, or write a response")
        return self


class ExpectedState(Part):
    current_phase: CoachingPhase | None = None
    identity_focus: IdentityCategory | None = None
    current_identity: Annotated[
        StorableText | None,
        Field(description="`$identity:NAME` of an identity as it is called in the end, or null."),
    ] = None
    skipped_identity_categories: tuple[IdentityCategory, ...] | None = None
    who_you_are: tuple[StorableText, ...] | None = None
    who_you_want_to_be: tuple[StorableText, ...] | None = None
    asked_questions: tuple[GetToKnowYouQuestion, ...] | None = None


class ExpectedIdentity(Part):
    name: StorableText | None = None
    category: IdentityCategory | None = None
    state: IdentityState | None = None
    i_am_statement: StorableText | None = None
    visualization: StorableText | None = None
    notes: tuple[StorableText, ...] | None = None


class ExpectedNote(Part):
    note: StorableText


class ExpectedAction(Part):
    action_type: ActionType | None = None
    status: ActionStatus | None = None
    result_summary: StorableText | None = None
    error_kind: ErrorKind | None = None


class ExpectedMessage(Part):
    role: MessageRole | None = None
    content: StorableText | None = None


class Expectation(Part):
    """How the user should stand in the end. Only what is written is compared; lists are compared whole, in order."""

    coach_state: ExpectedState | None = None
    identities: tuple[ExpectedIdentity, ...] | None = None
    user_notes: tuple[ExpectedNote, ...] | None = None
    actions: tuple[ExpectedAction, ...] | None = None
    messages: tuple[ExpectedMessage, ...] | None = None

    def written(self) -> dict[str, Any]:
        """What is written, in plain values."""
        found: dict[str, Any] = self.model_dump(mode="json", exclude_unset=True)
        return found


class Scenario(Part):
    """A recorded conversation, from its start to what should come of it."""

    format: Annotated[Literal[1], BeforeValidator(_no_truth)]
    name: Annotated[Name, Field(description="What it is called; no two of one run may have the same.")]
    description: Annotated[
        StorableText, Field(description="What it shows, for whoever finds that it differs.")
    ] = ""
    start: Start = Start()
    turns: tuple[Turn, ...] = ()
    expect: Expectation = Expectation()

    def problems(self) -> Iterator[Problem]:
        """What its shape does not tell: responses that are none, and references that lead nowhere."""
        refs = {
            "identity": sorted(row.ref for row in self.start.identities),
            "user_note": sorted(row.ref for row in self.start.user_notes),
        }
        for number, turn in enumerate(self.turns):
            if turn.response is not None:
                yield from _problems_of(turn.response, refs, ("turns", number, "response"))
        current = self.expect.coach_state.current_identity if self.expect.coach_state else None
        if current is not None and not current.startswith(IDENTITY):
            words = f"{current!r} is no identity by its name: write `{IDENTITY}NAME`, or null"
            yield ("expect", "coach_state", "current_identity"), words

    @property
    def actions(self) -> int:
        """How many actions the turns ask for."""
        return sum(len(list(_asked_for(turn.response or {}))) for turn in self.turns)


def json_schema() -> dict[str, Any]:
    """The JSON schema of a scenario file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Scenario.model_json_schema()}


def _asked_for(response: Mapping[str, Any]) -> Iterator[str]:
    return (key for key, value in response.items() if key != "message" and value is not None)


def _problems_of(
    response: Mapping[str, Any], refs: Mapping[str, Sequence[str]], at: Place
) -> Iterator[Problem]:
    try:
        CoachChatResponse.model_validate(response)
    except ValidationError as error:
        for place_within, words in problems_of(error):
            yield (*at, *place_within), words
        return
    for place, reference in references_in(response):
        if why := _leads_nowhere(reference, refs, of_a_note="user_note" in place):
            yield (*at, *place.split(".")), why


def _leads_nowhere(reference: str, refs: Mapping[str, Sequence[str]], *, of_a_note: bool) -> str | None:
    """Why a reference can never lead to a row of the kind that is wanted."""
    if reference.startswith(IDENTITY):
        if of_a_note:
            return f"{reference!r} is an identity, and a note is wanted: write `$REF` of one of start, or `$note:TEXT`"
        return None if reference.removeprefix(IDENTITY).strip() else f"write a name after `{IDENTITY}`"
    if NOTE.fullmatch(reference):
        return None if of_a_note else f"{reference!r} is a note, and an identity is wanted"
    there = refs["user_note" if of_a_note else "identity"]
    if reference.removeprefix("$") in there:
        return None
    known = ", ".join(f"${ref}" for ref in there) or "none"
    return f"start has no {reference!r} for it: it has {known}"
