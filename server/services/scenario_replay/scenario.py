"""A scenario: how a user begins, what is said, and how they should stand in the end.

The models are the file format, `"format": 1`. What they say of themselves is the published JSON schema.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from server.apps.identities.models import name_key
from server.enums.action_status import ActionStatus
from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.enums.error_kind import ErrorKind
from server.enums.get_to_know_you_question import GetToKnowYouQuestion
from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState
from server.enums.message_role import MessageRole
from server.models.coach_chat_response import CoachChatResponse
from server.services.action_handler.models.text import MESSAGE_LIMIT, NAME_LIMIT, TEXT_LIMIT, StorableText
from server.services.scenario_replay.references import IDENTITY, references_in

Ref = Annotated[
    str,
    Field(pattern="^[a-z][a-z0-9_]*$", description="What turns call the row by, after a `$`: `gardener`."),
]
Name = Annotated[StorableText, Field(min_length=1, max_length=NAME_LIMIT)]
Prose = Annotated[StorableText, Field(min_length=1, max_length=TEXT_LIMIT)]
OptionalProse = Annotated[StorableText, Field(max_length=TEXT_LIMIT)]
Said = Annotated[StorableText, Field(min_length=1, max_length=MESSAGE_LIMIT)]


def _refuse_repeated(what: str, values: list[str]) -> None:
    if twice := sorted({value for value in values if values.count(value) > 1}):
        raise ValueError(f"two rows have the same {what} {twice[0]!r}: change one")


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Problem = tuple[tuple[int | str, ...], str]
"""A place in a scenario, and what is wrong there."""


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
    skipped_identity_categories: tuple[IdentityCategory, ...] = ()
    who_you_are: tuple[Name, ...] = ()
    who_you_want_to_be: tuple[Name, ...] = ()
    asked_questions: tuple[GetToKnowYouQuestion, ...] = ()


class StartIdentity(Part):
    """An identity that the user has; the first is the oldest."""

    ref: Ref
    name: Name
    category: IdentityCategory
    state: IdentityState = IdentityState.PROPOSED
    i_am_statement: OptionalProse = ""
    visualization: OptionalProse = ""
    notes: tuple[Prose, ...] = ()


class StartNote(Part):
    """Something that the coach remembers; the first is the oldest."""

    ref: Ref
    note: Prose


class StartMessage(Part):
    """Something that was said before."""

    role: MessageRole
    content: Said


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
        _refuse_repeated("ref", refs)
        _refuse_repeated("name, without regard to case,", [name_key(row.name) for row in self.identities])
        current = self.coach_state.current_identity
        if current is not None and current not in {f"${row.ref}" for row in self.identities}:
            raise ValueError(
                f"coach_state.current_identity is {current!r}: name an identity of start, as `$REF`"
            )
        return self


class Turn(Part):
    """What the user said, if anything, and the structured response that the coach gave.

    In the parameters of an action, `$REF` in the place of an id names a row of `start`, and `$identity:NAME` the
    identity of that name at that moment.
    """

    user: Said | None = None
    response: Annotated[
        dict[str, Any],
        Field(description='`{"message": …, "<action_type>": {"params": {…}}}`, as in a response file.'),
    ]


class ExpectedState(Part):
    current_phase: CoachingPhase | None = None
    identity_focus: IdentityCategory | None = None
    current_identity: Annotated[
        str | None, Field(description="`$identity:NAME` of an identity as it is called in the end, or null.")
    ] = None
    skipped_identity_categories: tuple[IdentityCategory, ...] | None = None
    who_you_are: tuple[str, ...] | None = None
    who_you_want_to_be: tuple[str, ...] | None = None
    asked_questions: tuple[GetToKnowYouQuestion, ...] | None = None


class ExpectedIdentity(Part):
    name: str | None = None
    category: IdentityCategory | None = None
    state: IdentityState | None = None
    i_am_statement: str | None = None
    visualization: str | None = None
    notes: tuple[str, ...] | None = None


class ExpectedNote(Part):
    note: str


class ExpectedAction(Part):
    action_type: ActionType | None = None
    status: ActionStatus | None = None
    result_summary: str | None = None
    error_kind: ErrorKind | None = None


class ExpectedMessage(Part):
    role: MessageRole | None = None
    content: str | None = None


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

    format: Literal[1]
    name: Annotated[str, Field(min_length=1, max_length=NAME_LIMIT)]
    description: str = ""
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
            yield from _problems_of(turn.response, refs, ("turns", number, "response"))
        current = self.expect.coach_state.current_identity if self.expect.coach_state else None
        if current is not None and not current.startswith(IDENTITY):
            words = f"{current!r} is no identity by its name: write `{IDENTITY}NAME`, or null"
            yield ("expect", "coach_state", "current_identity"), words

    @property
    def actions(self) -> int:
        """How many actions the turns ask for."""
        return sum(len(list(_asked_for(turn.response))) for turn in self.turns)


def json_schema() -> dict[str, Any]:
    """The JSON schema of a scenario file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Scenario.model_json_schema()}


def _asked_for(response: Mapping[str, Any]) -> Iterator[str]:
    return (key for key, value in response.items() if key != "message" and value is not None)


def _problems_of(
    response: Mapping[str, Any], refs: Mapping[str, Sequence[str]], loc: tuple[int | str, ...]
) -> Iterator[Problem]:
    try:
        CoachChatResponse.model_validate(response)
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_input=False):
            yield (*loc, *fault["loc"]), fault["msg"]
        return
    for place, reference in references_in(response):
        there = refs["user_note" if "user_note" in place else "identity"]
        if not reference.startswith(IDENTITY) and reference.removeprefix("$") not in there:
            known = ", ".join(f"${ref}" for ref in there) or "none"
            yield (*loc, *place.split(".")), f"start has no {reference!r} for it: it has {known}"
