"""A recorded conversation, played again by this version for a user who stands in for the real one.

It is played in a transaction that is rolled back, and no row of the real user is touched. While it is played, it shows
what every stored id means at the moment of its use, and so how a scenario can say it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from pydantic import ValidationError

from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.apps.test_scenarios.models import TestScenario
from server.apps.user_notes.models import UserNote
from server.enums.action_status import ActionStatus
from server.enums.coaching_phase import CoachingPhase
from server.enums.identity_state import IdentityState
from server.services.action_handler.wording import excerpt
from server.services.scenario_replay.beginning import (
    Beginning,
    beginning,
    made_identities,
    made_notes,
    note_before,
    notes_by_excerpt,
    uuid_of,
)
from server.services.scenario_replay.begun import Begun, begin
from server.services.scenario_replay.end_state import EndState, end_state_of
from server.services.scenario_replay.inline import Step, drained
from server.services.scenario_replay.playing import Play
from server.services.scenario_replay.recording import Asked, NotRecordable, Recording, Spoken
from server.services.scenario_replay.references import IDENTITY, OF_AN_ID, to_note
from server.services.scenario_replay.scenario import Scenario, Start, Turn

Model = TypeVar("Model", Start, Turn)

NAME = "Rerun"
NOT_SAID = "No scenario can say it as it is stored"
MOST_FORGOTTEN_NOTES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerun:
    """What playing it again came to: `present` is the recording's, with the same made-up ids as `end_state` has.

    `messages` has, for each turn, the coach's message that it is; `steps` are there where they were asked for.
    """

    start: Start
    turns: tuple[Turn, ...]
    messages: tuple[UUID | None, ...]
    end_state: EndState
    present: EndState
    unresolved: tuple[str, ...]
    steps: tuple[Step, ...] = ()


def rerun(recording: Recording, *, with_steps: bool = False) -> Rerun:
    """Play a recording again. Raises `NotRecordable` where no scenario can say how the user began."""
    was, notes = beginning(recording), notes_by_excerpt(recording)
    forgotten: dict[UUID, str] = {}
    for _ in range(MOST_FORGOTTEN_NOTES):
        start, refs = _start(recording, was, forgotten)
        try:
            return _rolled_back(recording, start, refs, with_steps=with_steps)
        except _ThereFromTheStart as found:
            forgotten[found.row_id] = notes.get(found.note, found.note)
    raise NotRecordable(
        f"{recording.user.email} deleted over {MOST_FORGOTTEN_NOTES:,} notes that were there before the first message:"
        " no scenario is made of that."
    )


class _ThereFromTheStart(Exception):
    """A note that is gone was there before the first message."""

    def __init__(self, row_id: UUID, note: str) -> None:
        super().__init__(note)
        self.row_id, self.note = row_id, note


def _rolled_back(recording: Recording, start: Start, refs: Mapping[UUID, str], *, with_steps: bool) -> Rerun:
    with transaction.atomic():
        begun = begin(start, TestScenario.objects.create(name=NAME))
        stand_in = _StandIn(recording=recording, begun=begun, refs=refs, with_steps=with_steps)
        try:
            stand_in.play()
            return stand_in.rerun(start)
        finally:
            transaction.set_rollback(True)


@dataclass(slots=True, kw_only=True)
class _StandIn:
    """Who stands in for the user; `alike` has their rows by the ids of the real ones, `refs` those of the start.

    `deleted` has the notes of theirs whose like is there no more, and is not known by its id yet.
    """

    recording: Recording
    begun: Begun
    refs: Mapping[UUID, str]
    with_steps: bool
    alike: dict[UUID, UUID] = field(default_factory=dict)
    deleted: list[UUID] = field(default_factory=list)
    made_up: dict[str, str] = field(default_factory=dict)
    sentences: dict[UUID, str] = field(default_factory=dict)
    turns: list[Turn] = field(default_factory=list)
    messages: list[UUID | None] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def play(self) -> None:
        identities, notes = made_identities(self.recording), made_notes(self.recording)
        for row_id, ref in self.refs.items():
            self.alike[row_id] = self.begun.ids[ref]
        self._step("")
        said: str | None = None
        for spoken in self._after_the_start():
            if not spoken.is_coach:
                if said is not None:
                    self._take(Turn(user=said), None)
                said = spoken.message.content
                continue
            had = self._rows()
            self._take(self._turn(spoken, said), spoken.message.id)
            said = None
            self._learn(self._rows() - had, identities.get(spoken.message.id), notes.get(spoken.message.id))
        if said is not None:
            self._take(Turn(user=said), None)

    def rerun(self, start: Start) -> Rerun:
        return Rerun(
            start=start,
            turns=tuple(self.turns),
            messages=tuple(self.messages),
            end_state=end_state_of(self.begun),
            present=self._present(),
            unresolved=tuple(self.unresolved),
            steps=tuple(self.steps),
        )

    def _after_the_start(self) -> Sequence[Spoken]:
        return self.recording.spoken[len(messages_of_the_start(self.recording)) :]

    def _take(self, turn: Turn, message_id: UUID | None) -> None:
        self.turns.append(turn)
        self.messages.append(message_id)
        play = Play(scenario=Scenario(format=1, name=NAME, turns=(turn,)), begun=self.begun)
        play.play_on(most=1)
        self.unresolved.extend(play.unresolved)
        for action_type in drained(self.begun.user):
            self._step(action_type)

    def _step(self, action_type: str) -> None:
        if self.with_steps:
            number = len(self.steps)
            self.steps.append(
                Step(number=number, action_type=action_type, end_state=end_state_of(self.begun))
            )

    def _turn(self, spoken: Spoken, said: str | None) -> Turn:
        response: dict[str, Any] = {"message": spoken.message.content}
        for asked in spoken.asked:
            params = {name: self._param(asked, name, value) for name, value in asked.params.items()}
            response[asked.action_type.value] = {"params": params}
        phase = self._phase(spoken) if spoken.asked else None
        return _checked(Turn, user=said, phase=phase, response=response)

    def _phase(self, spoken: Spoken) -> CoachingPhase | None:
        """The phase that the coach was asked in, where it is not the one that the user is in now."""
        stored = spoken.message.phase
        now = CoachState.objects.values_list("current_phase", flat=True).get(user=self.begun.user)
        return None if stored in (None, now) else stored

    # What ids mean

    def _param(self, asked: Asked, name: str, value: Any) -> Any:
        if not OF_AN_ID.search(name) or not isinstance(value, str):
            return value
        row_id = uuid_of(value)
        found = None
        if row_id is not None:
            found = self._note(asked, row_id) if "user_note" in name else self._identity(row_id)
        return found if found is not None else self._made_up(value)

    def _identity(self, row_id: UUID) -> str | None:
        alike = [self.alike[row_id]] if row_id in self.alike else []
        row = Identity.objects.filter(user=self.begun.user, id__in=alike).first()
        return None if row is None else self._ref(row_id) or f"{IDENTITY}{row.name}"

    def _note(self, asked: Asked, row_id: UUID) -> str | None:
        rows = list(UserNote.objects.filter(user=self.begun.user).order_by("created_at", "id"))
        if row_id not in self.alike:
            self._recognise(asked, row_id, rows)
        row = next((row for row in rows if row.id == self.alike.get(row_id)), None)
        if row is None:
            return None
        alike = [one.id for one in rows if one.note == row.note]
        return self._ref(row_id) or to_note(row.note, alike.index(row.id) + 1)

    def _recognise(self, asked: Asked, row_id: UUID, rows: Sequence[UserNote]) -> None:
        """A note that is gone by now is known by how it read, as an action that found it told."""
        note = note_before(asked)
        if note is None:
            return
        found = (row.id for row in rows if row.id in self.deleted and excerpt(row.note) == f'"{note}"')
        alike = next(found, None)
        if alike is None:
            raise _ThereFromTheStart(row_id, note)
        self.alike[row_id] = alike
        self.deleted.remove(self.alike[row_id])

    def _ref(self, row_id: UUID) -> str | None:
        ref = self.refs.get(row_id)
        return ref and f"${ref}"

    def _made_up(self, value: str) -> str:
        """An id that leads nowhere, for one that led nowhere: the same for the same."""
        row_id = uuid_of(value)
        if row_id is None:
            return f"_{value[1:]}" if value.startswith("$") else value
        return self.made_up.setdefault(str(row_id), str(UUID(int=len(self.made_up) + 1, version=4)))

    def _rows(self) -> set[UUID]:
        user = self.begun.user
        identities = Identity.objects.filter(user=user).values_list("id", flat=True)
        return {*identities, *UserNote.objects.filter(user=user).values_list("id", flat=True)}

    def _learn(self, new: set[UUID], identity: UUID | None, note: UUID | None) -> None:
        """Which of the real rows those are like that a turn has made: at most one of each kind."""
        user = self.begun.user
        for row_id in Identity.objects.filter(user=user, id__in=new).values_list("id", flat=True):
            if identity is not None:
                self.alike[identity] = row_id
        for row_id in UserNote.objects.filter(user=user, id__in=new).values_list("id", flat=True):
            if note is not None:
                self.alike[note] = row_id
            else:
                self.deleted.append(row_id)

    # What there is now, in the same words

    def _present(self) -> EndState:
        present = self.recording.present
        known = [asked for asked in self.recording.asked if asked.row is not None]
        known.sort(key=lambda asked: asked.row.seq if asked.row else 0)
        rows = [
            {**row, "result_summary": self._with_made_up_ids(asked)}
            for asked, row in zip(known, present.actions, strict=True)
        ]
        return replace(present, actions=rows)

    def _with_made_up_ids(self, asked: Asked) -> str:
        sentence = asked.sentence
        for name, value in asked.params.items():
            if OF_AN_ID.search(name) and isinstance(value, str) and asked.came_to(ActionStatus.REJECTED):
                sentence = sentence.replace(
                    f"has the id {excerpt(value.strip())}.",
                    f"has the id {excerpt(self._made_up(value).strip())}.",
                )
        return sentence


def messages_of_the_start(recording: Recording) -> Sequence[Spoken]:
    """What was said until the last message of the coach that came without a response, before the first with one."""
    spoken = recording.spoken
    first = next((n for n, one in enumerate(spoken) if one.message.response is not None), len(spoken))
    before = [n for n, one in enumerate(spoken[:first]) if one.is_coach]
    return spoken[: before[-1] + 1] if before else ()


def _start(
    recording: Recording, was: Beginning, forgotten: Mapping[UUID, str]
) -> tuple[Start, Mapping[UUID, str]]:
    """How the user began, and the refs of the rows that they began with."""
    refs = {row_id: f"identity_{number}" for number, row_id in enumerate(was.identities, start=1)}
    user_notes = {**was.user_notes, **forgotten}
    refs |= {row_id: f"note_{number}" for number, row_id in enumerate(user_notes, start=1)}
    current = refs.get(was.current_identity) if was.current_identity else None
    start = _checked(
        Start,
        user={"first_name": recording.user.first_name, "last_name": recording.user.last_name},
        coach_state={**was.coach_state, "current_identity": f"${current}" if current else None},
        identities=[
            {
                "ref": refs[row_id],
                "name": row.name,
                "category": row.category,
                "state": row.state or IdentityState.PROPOSED,
                "i_am_statement": row.i_am_statement or "",
                "visualization": row.visualization,
                "notes": row.notes,
            }
            for row_id, row in was.identities.items()
        ],
        user_notes=[{"ref": refs[row_id], "note": note} for row_id, note in user_notes.items()],
        messages=[
            {"role": one.message.role, "content": one.message.content}
            for one in messages_of_the_start(recording)
        ],
    )
    return start, refs


def _checked(model: type[Model], **fields: Any) -> Model:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise NotRecordable.because(NOT_SAID, error, part=model.__name__.lower()) from error
