"""A user walks through the ten phases with the offline coach; every action runs through the real executor."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.enums.coaching_phase import CoachingPhase as Phase
from server.enums.get_to_know_you_question import GetToKnowYouQuestion
from server.enums.message_role import MessageRole
from server.services.prompt_manager.phases import PHASE_PROMPTS
from tests.coach.conversation import Conversation


def test_a_walk_through_the_ten_phases(user: User) -> None:
    walk = Conversation(user)

    walk.say_all("Hi there", "I'm Ada", "What will we do?", "ready")
    assert walk.phase() is Phase.GET_TO_KNOW_YOU, walk

    walk.say_all(
        "In Rome, by the sea.", "A sister and two sons", "I am a nurse", "skip", "To find out who I am"
    )
    assert walk.phase() is Phase.IDENTITY_WARM_UP, walk
    assert walk.state.asked_questions == list(GetToKnowYouQuestion), walk
    assert list(UserNote.objects.filter(user=user).order_by("created_at").values_list("note", flat=True)) == [
        "Name: Ada",
        "Background and upbringing: In Rome, by the sea.",
        "Family: A sister and two sons",
        "Work and living: I am a nurse",
        "Why here, and hopes: To find out who I am",
    ]

    walk.say_all("I am a patient mother and a nurse.", "I want to be calm", "I want to be brave too", "next")
    assert walk.phase() is Phase.IDENTITY_BRAINSTORMING, walk
    assert walk.state.who_you_are == ["Patient mother", "Nurse"], walk
    assert walk.state.who_you_want_to_be == ["Calm", "Brave"], walk

    walk.say_all("Night gardener and cook, runner", "yes", "yes", "yes", "help", "next")
    walk.say_all(
        "I am a nurse who listens", "keep it", "next", "skip", "next", "skip", "next", "I'm a mother", "next"
    )
    walk.say_all("skip", "Handywoman", "next")
    assert walk.phase() is Phase.BRAINSTORMING_REVIEW, walk
    assert walk.state.skipped_identity_categories == [
        "keeper_of_money",
        "personal_appearance",
        "romantic_relation",
    ], walk
    assert walk.identity("Nurse").notes == ["I am a nurse who listens"], walk
    assert walk.identities()["Night gardener"] == "accepted", walk

    walk.say_all(
        "yes",
        "combine Cook and Handywoman",
        "Runner is a part of Night gardener",
        "yes",
        "no",
        "list",
        "next",
    )
    assert walk.phase() is Phase.IDENTITY_REFINEMENT, walk
    assert walk.identities() == {
        "Night gardener": "accepted",
        "Cook": "archived",
        "Runner": "archived",
        "Nurse": "accepted",
        "Mother": "accepted",
        "Cook / Handywoman": "archived",
    }, walk

    walk.say_all(
        "no", "Gardener of the night", "There I am quiet.", "yes", "next", "yes", "call it Healer", "perfect"
    )
    assert walk.phase() is Phase.ANYTHING_MISSING, walk
    assert "There I am quiet." in walk.identity("Gardener of the night").notes, walk

    walk.say_all("I am a friend and a neighbour", "familial relations", "no", "yes", "no")
    assert walk.phase() is Phase.IDENTITY_COMMITMENT, walk
    assert walk.identity("Friend").notes == ["I am a friend and a neighbour"], walk
    assert walk.identity("Friend").state == "refinement_complete", walk

    walk.say_all("yes", "later", "no", "yes", "yes")
    assert walk.phase() is Phase.I_AM_STATEMENT, walk
    assert walk.current_identity() == walk.identity("Gardener of the night"), walk

    walk.say_all("I am the one who waters at night.", "no", "I am the night's gardener.", "yes")
    walk.say_all("I'm here, and I heal.", "yes")
    walk.say_all("statement: ידידה", "yes")
    assert walk.phase() is Phase.IDENTITY_VISUALIZATION, walk
    assert walk.identity("Gardener of the night").i_am_statement == "I am the night's gardener.", walk

    walk.say_all(
        "A lamp, wet leaves, my hands in the soil.",
        "yes",
        "A ward at dawn; they sleep.",
        "yes",
        "Tea for two.",
    )
    goodbye = walk.say("yes")
    assert "I wish you well" in goodbye, walk
    assert walk.current_identity() is None, walk
    assert {name: state for name, state in walk.identities().items() if state != "archived"} == {
        "Gardener of the night": "visualization_complete",
        "Healer": "visualization_complete",
        "Friend": "visualization_complete",
    }, walk
    assert walk.identity("Healer").visualization == "A ward at dawn; they sleep.", walk


def test_every_reply_is_stored_with_its_phase_prompt_and_model(user: User) -> None:
    Conversation(user).say_all("hi", "ready")
    replies = ChatMessage.objects.filter(user=user, role=MessageRole.COACH)
    stored = list(replies.values_list("phase", "prompt_version", "model"))
    assert stored == [(Phase.INTRODUCTION, PHASE_PROMPTS[Phase.INTRODUCTION].version, "offline")] * 2
