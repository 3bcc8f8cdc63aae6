"""A live user's conversation as a scenario: the turns that were, and what the user has now as what is expected."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from hashlib import sha256
from typing import Annotated, Any, get_args, get_origin

from django.conf import settings
from pydantic import ValidationError

from server.apps.users.models import User
from server.enums.action_type import ActionType
from server.services.action_handler.models.actions import ACTION_PARAMS
from server.services.scenario_replay.beginning import uuid_of
from server.services.scenario_replay.comparison import Difference, differences_from
from server.services.scenario_replay.end_state import EndState
from server.services.scenario_replay.inline import play_inline
from server.services.scenario_replay.pseudonyms import Pseudonyms
from server.services.scenario_replay.recording import NotRecordable, record
from server.services.scenario_replay.references import IDENTITY, NOTE, OF_AN_ID, to_note
from server.services.scenario_replay.rerun import NOT_SAID, Rerun, rerun
from server.services.scenario_replay.scenario import Scenario

WRITTEN = frozenset(
    {
        *("first_name", "last_name", "user", "message", "content", "result_summary"),
        *("name", "note", "notes", "i_am_statement", "visualization", "who_you_are", "who_you_want_to_be"),
    }
)
"""Where, in a start, a response or an expectation, there is what a person or a coach wrote."""

Rename = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """A scenario of a conversation, and what somebody should know of it, a sentence each.

    `differences` are what this version would make otherwise of the same turns.
    """

    scenario: Scenario
    remarks: tuple[str, ...]
    differences: tuple[Difference, ...]


def freeze(user: User, *, pseudonyms: bool = True, name: str | None = None) -> Frozen:
    """A user's conversation as a scenario. Raises `NotRecordable`."""
    recording = record(user)
    again = rerun(recording)
    named = {"format": 1, "name": name or f"Conversation {_drawn(user, 'name').hex()[:8]}"}
    content, rename = _content(again), None
    if pseudonyms:
        rename = Pseudonyms.of(_texts(content, again.present), key=_drawn(user, "words"))
        content = renamed(content, rename)
    replayed = play_inline(_scenario({**named, **content}))
    expected = asdict(again.present)
    if rename is not None:
        expected = _in_other_words(
            expected, before=asdict(again.end_state), after=asdict(replayed.end_state), rename=rename
        )
    if not recording.has_every_action:
        del expected["actions"]
    return Frozen(
        scenario=_scenario({**named, **content, "expect": expected}),
        remarks=(*recording.remarks, *again.unresolved),
        differences=tuple(differences_from(expected, replayed.end_state)),
    )


def _content(again: Rerun) -> dict[str, Any]:
    return {
        "start": again.start.model_dump(mode="json", exclude_defaults=True),
        "turns": [turn.model_dump(mode="json", exclude_none=True) for turn in again.turns],
    }


def _scenario(content: Mapping[str, Any]) -> Scenario:
    try:
        return Scenario.model_validate(content)
    except ValidationError as error:
        raise NotRecordable.because(NOT_SAID, error) from error


def _drawn(user: User, what: str) -> bytes:
    """Bytes that are this user's and this installation's alone: nobody without its secret can make them."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"freeze {what} {user.id}".encode(), sha256)


def _texts(content: Mapping[str, Any], present: EndState) -> list[str]:
    """Everything that somebody wrote."""
    found: list[str] = []

    def collect(text: str) -> str:
        found.append(text)
        return text

    renamed(content, collect)
    renamed(asdict(present), collect)
    return found


def renamed(value: Any, rename: Rename, key: str = "") -> Any:
    """A start, turns or an expectation with everything that somebody wrote in other words."""
    if key == "response":
        return _renamed_response(value, rename)
    if isinstance(value, Mapping):
        return {name: renamed(one, rename, name) for name, one in value.items()}
    if isinstance(value, list):
        return [renamed(one, rename, key) for one in value]
    if isinstance(value, str) and key in WRITTEN:
        return rename(value)
    if isinstance(value, str) and key == "current_identity":
        return _renamed_id(value, rename)
    return value


def _renamed_response(response: Mapping[str, Any], rename: Rename) -> dict[str, Any]:
    found: dict[str, Any] = {"message": rename(response["message"])}
    for name, asked in response.items():
        if name != "message":
            fields = ACTION_PARAMS[ActionType(name)].model_fields
            params = {
                param: _renamed_param(param, value, fields[param].annotation, rename)
                for param, value in asked["params"].items()
            }
            found[name] = {"params": params}
    return found


def _renamed_param(name: str, value: Any, annotation: Any, rename: Rename) -> Any:
    """Whatever is no enum was written by somebody, or is an id."""
    if isinstance(value, list):
        (of,) = get_args(annotation)
        return [_renamed_param(name, one, of, rename) for one in value]
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return value
    return _renamed_id(value, rename) if OF_AN_ID.search(name) else rename(value)


def _renamed_id(value: str, rename: Rename) -> str:
    if value.startswith(IDENTITY):
        return f"{IDENTITY}{rename(value.removeprefix(IDENTITY))}"
    if note := NOTE.fullmatch(value):
        return to_note(rename(note[2]), int(note[1] or 1))
    return value if value.startswith("$") or uuid_of(value) else rename(value)


def _in_other_words(present: Any, *, before: Any, after: Any, rename: Rename, key: str = "") -> Any:
    """What there is now, in other words.

    Sentences and merged notes are made of what was written and of words of our own, and may be cut: where playing the
    turns again came to what there is (`before`), their other words are what playing the other words came to (`after`).
    """
    if isinstance(present, Mapping):
        return {
            name: _in_other_words(
                one, before=_at(before, name), after=_at(after, name), rename=rename, key=name
            )
            for name, one in present.items()
        }
    if isinstance(present, list) and any(isinstance(one, Mapping) for one in present):
        return [
            _in_other_words(one, before=_at(before, number), after=_at(after, number), rename=rename)
            for number, one in enumerate(present)
        ]
    is_written = key in WRITTEN or key == "current_identity"
    if is_written and present == before and type(after) is type(present):
        return after
    return renamed(present, rename, key)


def _at(value: Any, place: int | str) -> Any:
    """What stands there, if anything."""
    try:
        return value[place]
    except (KeyError, IndexError, TypeError):
        return None
