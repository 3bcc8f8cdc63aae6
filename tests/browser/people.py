"""People with something behind them, to look at their pages."""

from itertools import count
from textwrap import dedent
from uuid import uuid4

from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.enums.coaching_phase import CoachingPhase
from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState
from server.models.coach_chat_response import CoachChatResponse
from server.services.action_queue.accept import Accepted, Provenance, accept_response, accept_user_message
from tests.browser.stack import Stack
from tests.queue.conftest import wait_for_lane

_numbers = count(1)
NOBODY = str(uuid4())

FIVE = {
    "create_identity": {
        "name": "Night Gardener",
        "category": "passions_and_talents",
        "note": "Roses by moonlight.",
    },
    "select_identity_focus": {"category": "maker_of_money"},
    "skip_identity_category": {"category": "spiritual"},
    "add_user_note": {"note": "Grew up in a house with a garden."},
    "delete_user_note": {"user_note_id": NOBODY},
}
"""Five actions that the phase `identity_brainstorming` allows. The last has nothing to do."""

ANSWER = dedent("""\
    That is a **lovely** picture. Three things I heard:

    1. You are at home *outside*, and after dark.
    2. You look after what others walk past.
    3. You would rather make `one thing` well than ten quickly.

    > The garden does not hurry, and neither do you.

    Which of these feels most like you?""")


def new_person(phase: CoachingPhase = CoachingPhase.IDENTITY_BRAINSTORMING, **fields: object) -> User:
    """Someone who has come as far as this phase."""
    user = User.objects.create_user(email=f"person{next(_numbers)}@example.org")
    CoachState.objects.filter(user=user).update(current_phase=phase, **fields)
    return user


def say(user: User, message: str, **actions: object) -> Accepted:
    """Let the coach say something to the user, as a turn of the chat would."""
    fields = {name: {"params": params} for name, params in actions.items()}
    response = CoachChatResponse.model_validate({"message": message, **fields})
    phase = CoachState.objects.get(user=user).current_phase
    return accept_response(user, response, Provenance(phase=phase))


def person_with_a_life(stack: Stack) -> User:
    """Someone of whom every part of every page has something to show; their lane has ended."""
    user = new_person(
        CoachingPhase.IDENTITY_REFINEMENT,
        identity_focus=IdentityCategory.MAKER_OF_MONEY,
        skipped_identity_categories=["spiritual", "doer_of_things"],
        who_you_are=["patient", "curious about small things", "a good listener"],
        who_you_want_to_be=["braver with strangers", "someone who finishes what they begin"],
        asked_questions=["background_upbringing"],
    )
    gardener, cook, _ = (_identity(user, *row) for row in IDENTITIES)
    CoachState.objects.filter(user=user).update(current_identity=gardener)
    for note in NOTES:
        UserNote.objects.create(user=user, note=note)
    accept_user_message(user, "I planted roses again, at night. Is that odd? 🌹")
    say(
        user,
        ANSWER,
        add_identity_note={"identity_id": str(gardener.id), "note": "Roses by moonlight."},
        update_identity_name={"identity_id": str(cook.id), "name": "Cook"},
        accept_identity_refinement={"identity_id": NOBODY},
        add_user_note={"note": "Plants at night, when the street is quiet."},
    )
    wait_for_lane(user)
    accept_user_message(user, "Let us talk about the cook next.\nI have a **plan** for her.")
    say(
        user,
        "Gladly. What would she do on a free morning?",
        set_current_identity={"identity_id": str(cook.id)},
    )
    wait_for_lane(user)
    return user


IDENTITIES = (
    (
        "Night Gardener",
        "passions_and_talents",
        IdentityState.ACCEPTED,
        "I am at home in the dark, and things grow.",
    ),
    ("Cook", "maker_of_money", IdentityState.COMMITMENT_COMPLETE, ""),
    ("Collector of maps", "passions_and_talents", IdentityState.ARCHIVED, ""),
)
NOTES = ("Has two cats.", "Grew up by the sea, in a house that was always full of guests.", "Name: Ada")


def _identity(user: User, name: str, category: str, state: IdentityState, statement: str) -> Identity:
    return Identity.objects.create(
        user=user,
        name=name,
        category=IdentityCategory(category),
        state=state,
        i_am_statement=statement,
        visualization="A lantern, wet earth, and the first bird." if statement else "",
        notes=[
            "Began with a single pot on a window sill.",
            "Knows each rose by its name.",
            "Is never in a hurry.",
        ],
    )
