"""The wire ids of the actions."""

from collections import Counter
from collections.abc import Mapping
from enum import EnumType
from inspect import currentframe
from typing import TYPE_CHECKING, Any, Self

from server.enums.labelled import Labelled
from server.enums.made_wrong import MadeWrongError, caller_of

FILE = "server/enums/action_type.py"


class ActionTypeError(MadeWrongError, TypeError):
    """The enum, its labels and its aliases do not agree; the message names the file and the mend."""


class UnknownActionError(MadeWrongError, AttributeError):
    """A line names a member that the enum does not have; the message names the line and the mend."""


class _Members(EnumType):
    """Says which line names a member that is missing."""

    if not TYPE_CHECKING:  # to a type checker, a class that answers for every name has them all

        def __getattr__(cls, name: str) -> Any:
            members = cls.__dict__.get("_member_map_", {})
            if name in members:
                return members[name]
            if not name.isupper():
                raise AttributeError(f"{cls.__name__} has no attribute {name!r}")
            raise UnknownActionError(
                f"{caller_of(currentframe())}: ActionType.{name} is named here and not in the enum; add it to "
                f"{FILE}, or mend the name here."
            )


class ActionType(Labelled, metaclass=_Members):
    """What a coach may do to a user's state.

    Rows and messages in flight carry these values: an action that is renamed keeps its old one as an alias. The
    declared order is the canonical one, in which the actions of one response run.
    """

    # `coach new-action NAME` writes the line here, the label in `LABELS`, and the rest that a new action needs.

    CREATE_IDENTITY = "create_identity"
    UPDATE_IDENTITY_NAME = "update_identity_name"
    UPDATE_I_AM_STATEMENT = "update_i_am_statement"
    UPDATE_IDENTITY_VISUALIZATION = "update_identity_visualization"
    ADD_IDENTITY_NOTE = "add_identity_note"
    ACCEPT_IDENTITY = "accept_identity"
    ACCEPT_IDENTITY_REFINEMENT = "accept_identity_refinement"
    ACCEPT_IDENTITY_COMMITMENT = "accept_identity_commitment"
    ACCEPT_I_AM_STATEMENT = "accept_i_am_statement"
    ACCEPT_IDENTITY_VISUALIZATION = "accept_identity_visualization"
    ARCHIVE_IDENTITY = "archive_identity"
    NEST_IDENTITY = "nest_identity"
    COMBINE_IDENTITIES = "combine_identities"
    TRANSITION_PHASE = "transition_phase"
    SELECT_IDENTITY_FOCUS = "select_identity_focus"
    SKIP_IDENTITY_CATEGORY = "skip_identity_category"
    UNSKIP_IDENTITY_CATEGORY = "unskip_identity_category"
    UPDATE_WHO_YOU_ARE = "update_who_you_are"
    UPDATE_WHO_YOU_WANT_TO_BE = "update_who_you_want_to_be"
    UPDATE_ASKED_QUESTIONS = "update_asked_questions"
    SET_CURRENT_IDENTITY = "set_current_identity"
    ADD_USER_NOTE = "add_user_note"
    UPDATE_USER_NOTE = "update_user_note"
    DELETE_USER_NOTE = "delete_user_note"

    @property
    def label(self) -> str:
        return LABELS[self]

    @classmethod
    def old_values(cls) -> Mapping[str, Self]:
        return ALIASES

    @property
    def wire_ids(self) -> tuple[str, ...]:
        """The action's name, and those that it had before: rows may carry any of them."""
        return (self.value, *(old for old, renamed in ALIASES.items() if renamed is self))

    @classmethod
    def _missing_(cls, value: object) -> "ActionType | None":
        return ALIASES.get(value) if isinstance(value, str) else None


LABELS: Mapping[ActionType, str] = {
    ActionType.CREATE_IDENTITY: "Create an identity",
    ActionType.UPDATE_IDENTITY_NAME: "Rename an identity",
    ActionType.UPDATE_I_AM_STATEMENT: "Write an I am statement",
    ActionType.UPDATE_IDENTITY_VISUALIZATION: "Write a visualization",
    ActionType.ADD_IDENTITY_NOTE: "Add a note to an identity",
    ActionType.ACCEPT_IDENTITY: "Accept an identity",
    ActionType.ACCEPT_IDENTITY_REFINEMENT: "Accept a refined identity",
    ActionType.ACCEPT_IDENTITY_COMMITMENT: "Commit to an identity",
    ActionType.ACCEPT_I_AM_STATEMENT: "Accept an I am statement",
    ActionType.ACCEPT_IDENTITY_VISUALIZATION: "Accept a visualization",
    ActionType.ARCHIVE_IDENTITY: "Archive an identity",
    ActionType.NEST_IDENTITY: "Nest one identity in another",
    ActionType.COMBINE_IDENTITIES: "Combine two identities",
    ActionType.TRANSITION_PHASE: "Move to another phase",
    ActionType.SELECT_IDENTITY_FOCUS: "Turn the focus to a category",
    ActionType.SKIP_IDENTITY_CATEGORY: "Leave out a category",
    ActionType.UNSKIP_IDENTITY_CATEGORY: "Take in a category again",
    ActionType.UPDATE_WHO_YOU_ARE: "Write down who you are",
    ActionType.UPDATE_WHO_YOU_WANT_TO_BE: "Write down who you want to be",
    ActionType.UPDATE_ASKED_QUESTIONS: "Note that a question was asked",
    ActionType.SET_CURRENT_IDENTITY: "Turn to an identity",
    ActionType.ADD_USER_NOTE: "Add a note about you",
    ActionType.UPDATE_USER_NOTE: "Change a note about you",
    ActionType.DELETE_USER_NOTE: "Delete a note about you",
}
"""What a person reads of an action before it says what it did."""

ALIASES: Mapping[str, ActionType] = {}
"""The action that an old name stands for: `"old_name": ActionType.NEW_NAME`. New rows carry the new name.

An old name stays here for as long as rows or messages carry it, and is never given to another action.
"""

RETIRED: frozenset[ActionType] = frozenset()
"""Actions that no coach takes any more, since no phase allows them: `frozenset({ActionType.NAME})`.

Their rows stay, and say what they did; one that still waits is rejected, as what its phase does not allow.
"""


def current_name(action_type: str) -> str:
    """The name that an action of a stored row has now; one that is not known here is left as it is."""
    renamed = ALIASES.get(action_type)
    return action_type if renamed is None else renamed.value


def check_action_types(labels: Mapping[ActionType, str], aliases: Mapping[str, ActionType]) -> None:
    """Raises `ActionTypeError` where names, values, labels and aliases do not agree."""
    for name, action_type in ActionType.__members__.items():
        _check_member(name, action_type)
        if not labels.get(action_type):
            raise ActionTypeError(
                f"{FILE}: ActionType.{action_type.name} has no label; add a line for it to LABELS."
            )
    for label, count in Counter(labels.values()).items():
        if count > 1:
            raise ActionTypeError(f"{FILE}: {count} actions have the label {label!r}; give each its own.")
    for alias in aliases.keys() & {action_type.value for action_type in ActionType}:
        raise ActionTypeError(f"{FILE}: {alias!r} is an action and an alias; take it out of ALIASES.")


def _check_member(name: str, action_type: ActionType) -> None:
    if name != action_type.name:
        raise ActionTypeError(
            f"{FILE}: ActionType.{name} has the value of ActionType.{action_type.name}; give it its own."
        )
    if action_type.value != name.lower():
        raise ActionTypeError(
            f"{FILE}: ActionType.{name} has the value {action_type.value!r}; it must be {name.lower()!r}."
        )


check_action_types(LABELS, ALIASES)
