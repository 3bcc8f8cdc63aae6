"""One user in the middle of the coaching, with something of everything."""

from server.enums.action_status import ActionStatus
from server.enums.coaching_phase import CoachingPhase
from server.enums.get_to_know_you_question import GetToKnowYouQuestion
from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState
from server.enums.message_role import MessageRole
from server.models.coach_turn import CoachTurn, KnownIdentity, KnownNote, PastAction, Said

GARDENER = "00000000-0000-4000-8000-000000000001"
NURSE = "00000000-0000-4000-8000-000000000002"
PILOT = "00000000-0000-4000-8000-000000000003"
NOTE = "00000000-0000-4000-9000-000000000001"


def user(text: str) -> Said:
    return Said(role=MessageRole.USER, content=text)


def coach(
    text: str, *actions: PastAction, phase: CoachingPhase = CoachingPhase.IDENTITY_BRAINSTORMING
) -> Said:
    return Said(role=MessageRole.COACH, content=text, phase=phase, actions=actions)


def action(
    status: ActionStatus, action_type: str = "add_user_note", said: str = "", **parameters: str
) -> PastAction:
    """A past action; `said` is what its row says of it: why it was rejected, else its summary."""
    why = {"reason": said} if status is ActionStatus.REJECTED else {"result_summary": said}
    return PastAction(action_type=action_type, parameters=parameters, status=status, **why)


def example(phase: CoachingPhase) -> CoachTurn:
    return CoachTurn(
        phase=phase,
        first_name="Ada",
        identity_focus=IdentityCategory.MAKER_OF_MONEY,
        current_identity_id=GARDENER,
        skipped_identity_categories=(IdentityCategory.SPIRITUAL,),
        who_you_are=("Mother", "Nurse on nights"),
        who_you_want_to_be=("Calm",),
        asked_questions=tuple(GetToKnowYouQuestion),
        identities=(
            KnownIdentity(
                id=GARDENER,
                name="Night Gardener",
                category=IdentityCategory.PASSIONS_AND_TALENTS,
                state=IdentityState.ACCEPTED,
                notes=("Waters the beds after ten", "It is the only quiet hour"),
                i_am_statement="I am the Night Gardener.",
            ),
            KnownIdentity(
                id=NURSE, name="Nurse", category=IdentityCategory.MAKER_OF_MONEY, state=IdentityState.PROPOSED
            ),
            KnownIdentity(
                id=PILOT,
                name="Pilot",
                category=IdentityCategory.DOER_OF_THINGS,
                state=IdentityState.ARCHIVED,
                notes=("As a child",),
            ),
        ),
        user_notes=(KnownNote(id=NOTE, note="Name: Ada"),),
        messages=(
            user("I am a nurse. And a pilot, once."),
            coach(
                "A nurse: I will write that down. What does it mean to you?",
                action(
                    ActionStatus.SUCCEEDED,
                    "create_identity",
                    'Created the identity "Nurse" in Maker of Money.',
                    name="Nurse",
                    category="maker_of_money",
                    note="",
                ),
                action(
                    ActionStatus.SKIPPED,
                    "select_identity_focus",
                    "It is the focus already.",
                    category="maker_of_money",
                ),
                action(
                    ActionStatus.REJECTED,
                    "accept_identity",
                    'No identity with the id "nurse".',
                    identity_id="nurse",
                ),
            ),
            user("That I can hold still while others can't."),
            coach(
                "I will keep that. Is the pilot still someone you are?",
                action(
                    ActionStatus.QUEUED,
                    "add_identity_note",
                    identity_id=NURSE,
                    note="I can hold still while others can't",
                ),
                action(ActionStatus.CANCELLED, "archive_identity", identity_id=PILOT),
                action(ActionStatus.DEAD, "add_user_note", "Gave up after 5 attempts.", note="Once flew"),
            ),
            user("No, let's leave the pilot be."),
        ),
    )
