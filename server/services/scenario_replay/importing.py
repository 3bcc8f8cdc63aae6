"""Scenario files of the older shape, as scenarios of format 1.

Such a file has a user as they stood at one moment, and what had been said (`chat_messages`) and done (`actions`)
before. There are two ways to take it, and what is known decides:

- The actions made all of it: they are played again. The user begins anew, in the first phase that allows what comes
  before the first change of phase; each coach's message with its actions becomes a turn, the user's messages before it
  what was said; an identity's id becomes `$identity:NAME`; and the user of the file is what is expected.
- Otherwise nothing is played, for it would be done twice: the user of the file is the start, with its messages, and
  turns are to be added. `Imported.why_unplayed` says what was in the way.

Passwords, tokens, times, pictures and what an action answered then have no place in a scenario, and are left out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.enums.message_role import MessageRole
from server.models.coach_chat_response import CoachChatResponse
from server.models.identity_name import name_key
from server.services.prompt_manager.phases import is_allowed
from server.services.scenario_replay.older import Older, OlderAction, OlderIdentity, OlderMessage
from server.services.scenario_replay.reading import problems_of, read
from server.services.scenario_replay.references import IDENTITY, OF_AN_ID
from server.services.scenario_replay.scenario import Person, Scenario, StartState

NO_PLAIN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """The scenario, and why the actions of the file are not played in it; None where they are."""

    scenario: Scenario
    why_unplayed: str | None


class _Unplayable(Exception):
    """What the file tells of its actions is not enough to play them again."""


def import_older(path: Path) -> Imported:
    """A file of the older shape as a scenario, named as it says or else as its file is. Raises `Faults`."""
    older, _ = read(path, Older)
    told = {"format": 1, "name": older.name or path.stem, "description": older.description}
    try:
        return Imported(scenario=Scenario.model_validate({**told, **_played(older)}), why_unplayed=None)
    except _Unplayable as why:
        return Imported(
            scenario=Scenario.model_validate({**told, "start": _start(older)}), why_unplayed=str(why)
        )


# Where nothing is played


def _start(older: Older) -> dict[str, Any]:
    refs = _refs([row.name for row in older.identities])
    state = _state(older)
    if current := state.get("current_identity"):
        row = older.identity_called(current)
        assert row is not None, "the model saw that it is there"
        state["current_identity"] = f"${refs[row.name]}"
    return {
        "user": _person(older),
        "coach_state": state,
        "identities": [{"ref": refs[row.name], **_identity(row)} for row in older.identities],
        "user_notes": [
            {"ref": f"note_{number}", "note": row.note}
            for number, row in enumerate(older.user_notes, start=1)
        ],
        "messages": [{"role": row.role, "content": row.content} for row in older.chat_messages],
    }


def _refs(names: Sequence[str]) -> dict[str, str]:
    """A plain name for each: `night_gardener`, or `identity_3` where that is none, or is taken."""
    refs: dict[str, str] = {}
    for number, name in enumerate(names, start=1):
        plain = NO_PLAIN.sub("_", name.lower()).strip("_")
        is_fit = (
            plain[:1].isalpha()
            and plain not in refs.values()
            and not plain.startswith(("identity_", "note_"))
        )
        refs[name] = plain if is_fit else f"identity_{number}"
    return refs


def _person(older: Older) -> dict[str, Any]:
    return older.user.model_dump(include=set(Person.model_fields))


def _state(older: Older) -> dict[str, Any]:
    return older.coach_state.model_dump(include=set(StartState.model_fields), exclude_unset=True)


def _identity(row: OlderIdentity) -> dict[str, Any]:
    return row.model_dump(exclude={"id", "image"}, exclude_unset=True)


# Where the actions are played


def _played(older: Older) -> dict[str, Any]:
    """The start, the turns and what is expected. Raises `_Unplayable`."""
    actions = [_Played.of(number, action) for number, action in enumerate(older.actions, start=1)]
    if not actions:
        raise _Unplayable("it has none")
    made = [
        name_key(action.params["name"]) for action in actions if action.type is ActionType.CREATE_IDENTITY
    ]
    noted = [action.params["note"] for action in actions if action.type is ActionType.ADD_USER_NOTE]
    for row in older.identities:
        if name_key(row.name) not in made:
            raise _Unplayable(f"no action makes the identity {row.name!r}")
    for note in older.user_notes:
        if note.note not in noted:
            raise _Unplayable(f"no action makes the note {note.note!r}")
    expected = sorted(older.identities, key=lambda row: made.index(name_key(row.name)))
    state = _state(older)
    if current := state.get("current_identity"):
        state["current_identity"] = _reference(older, current)
    return {
        "start": {"user": _person(older), "coach_state": {"current_phase": _first_phase(actions, older)}},
        "turns": list(_turns(older, actions)),
        "expect": {
            "coach_state": state,
            "identities": [_identity(row) for row in expected],
            "user_notes": [{"note": row.note} for row in older.user_notes],
        },
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Played:
    """An action of the file that may be played; `number` is its place there, from 1."""

    number: int
    type: ActionType
    params: Mapping[str, Any]
    row: OlderAction

    @classmethod
    def of(cls, number: int, row: OlderAction) -> "_Played":
        try:
            action_type = ActionType(row.action_type)
            asked = {"message": "", action_type.value: {"params": row.parameters}}
            CoachChatResponse.model_validate(asked)
        except ValidationError as error:
            place, words = problems_of(error)[0]
            raise _Unplayable(f"action {number}, {'.'.join(map(str, place))}: {words}") from error
        except ValueError as error:
            raise _Unplayable(f"action {number}: {row.action_type!r} is no action") from error
        return cls(number=number, type=action_type, params=row.parameters, row=row)


def _first_phase(actions: Sequence[_Played], older: Older) -> CoachingPhase:
    """Where the user was before anything was done."""
    changes = [number for number, action in enumerate(actions) if action.type is ActionType.TRANSITION_PHASE]
    if not changes:
        return older.coach_state.current_phase
    before = actions[: changes[0]]
    fitting = (phase for phase in CoachingPhase if all(is_allowed(action.type, phase) for action in before))
    return next(fitting, CoachingPhase.INTRODUCTION)


def _turns(older: Older, actions: Sequence[_Played]) -> Iterator[dict[str, Any]]:
    asked: dict[int, dict[str, Any]] = {}
    for action in actions:
        response = asked.setdefault(_message_of(action, older.chat_messages), {})
        if action.type.value in response:
            raise _Unplayable(f"action {action.number}: its message has {action.type.value!r} twice")
        response[action.type.value] = {"params": _with_references(older, action)}
    said: list[str] = []
    for number, message in enumerate(older.chat_messages):
        if message.role is MessageRole.USER:
            said.append(message.content)
            continue
        user = "\n\n".join(said).strip()
        yield {
            **({"user": user} if user else {}),
            "response": {"message": message.content, **asked.get(number, {})},
        }
        said = []
    if said:
        raise _Unplayable("the last message has no answer")


def _message_of(action: _Played, messages: Sequence[OlderMessage]) -> int:
    """The number of the coach's message that an action came with. Raises `_Unplayable`."""
    row = action.row
    of_the_coach = [number for number, one in enumerate(messages) if one.role is MessageRole.COACH]
    by_id = [
        one for one in of_the_coach if messages[one].id and messages[one].id == row.original_coach_message_id
    ]
    by_words = [one for one in of_the_coach if messages[one].content == row.coach_message_content]
    for found in (by_id, by_words, _before(row.timestamp, messages, of_the_coach)):
        if len(found) == 1:
            return found[0]
    raise _Unplayable(f"action {action.number}: it is not told which message it came with")


def _before(time: datetime | None, messages: Sequence[OlderMessage], numbers: Sequence[int]) -> list[int]:
    """The last of these messages before a time; none where the time of any is not known."""
    times = {number: messages[number].timestamp for number in numbers}
    if time is None or None in times.values():
        return []
    return [number for number, then in times.items() if then is not None and then <= time][-1:]


def _with_references(older: Older, action: _Played) -> dict[str, Any]:
    if "user_note_id" in action.params:
        raise _Unplayable(f"action {action.number}: a turn cannot name a note that another made")
    return {
        name: _reference(older, value, action) if OF_AN_ID.search(name) else value
        for name, value in action.params.items()
    }


def _reference(older: Older, id_or_name: str, action: _Played | None = None) -> str:
    row = older.identity_called(id_or_name)
    if row is None:
        at = f"action {action.number}: " if action else ""
        raise _Unplayable(f"{at}nothing in the file has the id {id_or_name!r}")
    return f"{IDENTITY}{row.name}"
