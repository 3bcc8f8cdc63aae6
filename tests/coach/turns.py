"""Turns for the offline coach, as they stand after it has asked its question."""

from dataclasses import replace
from typing import Any

from server.enums.coaching_phase import CoachingPhase
from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState
from server.enums.message_role import MessageRole
from server.models.coach_chat_response import ChatResponse
from server.models.coach_turn import CoachTurn, KnownIdentity, Said
from server.services.coach.offline.coach import respond
from server.services.coach.offline.expectation import expect
from server.services.coach.offline.rules import RULES

Wanted = dict[str, dict[str, Any]]


def identity(
    name: str, state: str = "proposed", category: str = "passions_and_talents", **fields: Any
) -> KnownIdentity:
    """An identity whose id is "id of NAME"."""
    return KnownIdentity(
        id=f"id of {name}",
        name=name,
        state=IdentityState(state),
        category=IdentityCategory(category),
        **fields,
    )


def asked(phase: CoachingPhase, **state: Any) -> CoachTurn:
    """A turn of the phase in which the coach has just asked."""
    turn = CoachTurn(phase=phase, **state)
    question = Said(role=MessageRole.COACH, content=RULES[phase].ask(turn), phase=phase)
    return replace(turn, messages=(*turn.messages, question))


def hear(turn: CoachTurn, text: str) -> CoachTurn:
    """The turn once the user has written the text."""
    return replace(turn, messages=(*turn.messages, Said(role=MessageRole.USER, content=text)))


def settled(turn: CoachTurn, response: ChatResponse) -> CoachTurn:
    """The next turn, after the response's actions have done what they should."""
    after = expect(turn, [action.params for action in response.actions()])
    *earlier, said = after.messages
    named = tuple(replace(one, id=one.id or f"id of {one.name}") for one in after.identities)
    return replace(after, identities=named, messages=(*earlier, replace(said, content=response.message)))


def talk(turn: CoachTurn, *texts: str) -> tuple[CoachTurn, ChatResponse]:
    """Where the user's texts lead to, one after the other, and the last response."""
    response = None
    for text in texts:
        heard = hear(turn, text)
        response = respond(heard)
        turn = settled(heard, response)
    assert response is not None
    return turn, response


def wanted(response: ChatResponse) -> Wanted:
    """The response's actions as plain values."""
    return {one.action_type.value: one.params.model_dump(mode="json") for one in response.actions()}
