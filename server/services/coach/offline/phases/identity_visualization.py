"""Visualization: the user pictures life as each identity; after the last one, the coach says goodbye."""

from server.models.coach_turn import CoachTurn, KnownIdentity
from server.services.action_handler.models.params import (
    AcceptIdentityVisualizationParams,
    UpdateIdentityVisualizationParams,
)
from server.services.action_handler.models.text import TEXT_LIMIT
from server.services.coach.offline.answer import Answer, Heard, PhaseRules
from server.services.coach.offline.commands import beginning_only
from server.services.coach.offline.goals import NO_IDENTITY_LEFT, Work, work_on
from server.services.coach.offline.identities import live, subject
from server.services.coach.offline.quoting import quoted
from server.services.coach.offline.words import clip

CLOSING = (
    "That was the last picture. You have named who you are, committed to it, and seen it before you: come back to "
    "these words whenever you want to feel them again. Thank you for the trust; I wish you well. "
    "(“list” shows what you have.)"
)


def ask(turn: CoachTurn) -> str:
    identity = subject(turn)
    if identity is None:
        return CLOSING if live(turn) else NO_IDENTITY_LEFT
    name = quoted(identity.name)
    if picture := identity.visualization.strip():
        return f"{name}: “{clip(picture, TEXT_LIMIT)}” Is the picture complete?"
    return f"Picture a day on which you are wholly {name}. Where are you, what do you see, how does it feel?"


def answer(turn: CoachTurn, heard: Heard) -> Answer:
    return work_on(turn, heard, WORK)


def accept(identity: KnownIdentity) -> AcceptIdentityVisualizationParams | None:
    return (
        AcceptIdentityVisualizationParams(identity_id=identity.id) if identity.visualization.strip() else None
    )


def refuse(turn: CoachTurn, identity: KnownIdentity) -> Answer:
    return Answer("Then paint it anew, as you see it.")


def take(turn: CoachTurn, identity: KnownIdentity, text: str) -> Answer:
    picture = clip(text, TEXT_LIMIT)
    if picture == identity.visualization:
        return Answer()
    said = f"I will write down your picture.{beginning_only(text)}"
    return Answer(said, (UpdateIdentityVisualizationParams(identity_id=identity.id, visualization=picture),))


WORK = Work(
    accepted="I will keep it.",
    accept=accept,
    refuse=refuse,
    take=take,
    encourage="Close your eyes for a moment, and take what comes first.",
)
RULES = PhaseRules(
    ask=ask,
    answer=answer,
    help=(
        "Tell me what you see when you picture yourself as this identity; I read it back, and “yes” makes it final. "
        "“note about A: …” keeps a note, “next” turns to another identity, “talk about A” to the one you name."
    ),
)
