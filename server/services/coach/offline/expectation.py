"""How things will stand if an answer's actions do what they should.

Only the wording of the coach's next question depends on it: an action may still fail, and the next turn begins with
what is really there.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import singledispatch

from server.enums.action_status import ActionStatus
from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.enums.identity_state import IdentityState
from server.enums.message_role import MessageRole
from server.models.coach_turn import CoachTurn, KnownIdentity, KnownNote, PastAction, Said
from server.services.action_handler.models.actions import ACTION_PARAMS
from server.services.action_handler.models.base import ActionParams
from server.services.action_handler.models.params import (
    AcceptIAmStatementParams,
    AcceptIdentityCommitmentParams,
    AcceptIdentityParams,
    AcceptIdentityRefinementParams,
    AcceptIdentityVisualizationParams,
    AddUserNoteParams,
    ArchiveIdentityParams,
    CombineIdentitiesParams,
    CreateIdentityParams,
    DeleteUserNoteParams,
    NestIdentityParams,
    SelectIdentityFocusParams,
    SetCurrentIdentityParams,
    TransitionPhaseParams,
    UpdateAskedQuestionsParams,
    UpdateIAmStatementParams,
    UpdateIdentityNameParams,
    UpdateIdentityVisualizationParams,
    UpdateUserNoteParams,
    UpdateWhoYouAreParams,
    UpdateWhoYouWantToBeParams,
)
from server.services.coach.offline.commands import kept_of

TYPE_OF_PARAMS = {params: action_type for action_type, params in ACTION_PARAMS.items()}
ORDER = {params: place for place, params in enumerate(ACTION_PARAMS.values())}
REACHED: dict[type[ActionParams], IdentityState] = {
    AcceptIdentityParams: IdentityState.ACCEPTED,
    AcceptIdentityRefinementParams: IdentityState.REFINEMENT_COMPLETE,
    AcceptIdentityCommitmentParams: IdentityState.COMMITMENT_COMPLETE,
    AcceptIAmStatementParams: IdentityState.I_AM_COMPLETE,
    AcceptIdentityVisualizationParams: IdentityState.VISUALIZATION_COMPLETE,
    ArchiveIdentityParams: IdentityState.ARCHIVED,
    NestIdentityParams: IdentityState.ARCHIVED,
}


def expect(turn: CoachTurn, actions: Iterable[ActionParams]) -> CoachTurn:
    """The turn after these actions, and after the coach's message that has them."""
    in_order = sorted(actions, key=lambda params: ORDER[type(params)])
    past = tuple(_past(params) for params in in_order)
    said = Said(role=MessageRole.COACH, content="", phase=turn.phase, actions=past)
    turn = replace(turn, messages=(*turn.messages, said))
    for params in in_order:
        turn = _after(params, turn)
    return turn


def type_of(params: ActionParams) -> ActionType:
    """The action that these are the params of."""
    return TYPE_OF_PARAMS[type(params)]


def _past(params: ActionParams) -> PastAction:
    return PastAction(
        action_type=type_of(params), parameters=params.model_dump(mode="json"), status=ActionStatus.QUEUED
    )


@singledispatch
def _after(params: ActionParams, turn: CoachTurn) -> CoachTurn:
    """Most actions change one identity, or nothing that a question depends on."""
    return replace(turn, identities=tuple(_changed(identity, params) for identity in turn.identities))


@_after.register
def _(params: CreateIdentityParams, turn: CoachTurn) -> CoachTurn:
    new = KnownIdentity(id="", name=params.name, category=params.category, state=IdentityState.PROPOSED)
    return replace(turn, identities=(*turn.identities, new))


@_after.register
def _(params: CombineIdentitiesParams, turn: CoachTurn) -> CoachTurn:
    by_id = {identity.id: identity for identity in turn.identities}
    first, second = by_id[params.identity_id_a], by_id[params.identity_id_b]
    kept = kept_of(first, second)
    other = second if kept is first else first
    changed = {
        kept.id: replace(kept, name=f"{first.name} / {second.name}"),
        other.id: replace(other, state=IdentityState.ARCHIVED),
    }
    return replace(turn, identities=tuple(changed.get(one.id, one) for one in turn.identities))


@_after.register
def _(params: TransitionPhaseParams, turn: CoachTurn) -> CoachTurn:
    turn = replace(turn, phase=params.to_phase, current_identity_id=None)
    if params.to_phase is not CoachingPhase.IDENTITY_REFINEMENT:
        return turn
    return replace(turn, identities=tuple(_accepted(identity) for identity in turn.identities))


@_after.register
def _(params: SelectIdentityFocusParams, turn: CoachTurn) -> CoachTurn:
    return replace(turn, identity_focus=params.category)


@_after.register
def _(params: UpdateWhoYouAreParams, turn: CoachTurn) -> CoachTurn:
    return replace(turn, who_you_are=tuple(params.who_you_are))


@_after.register
def _(params: UpdateWhoYouWantToBeParams, turn: CoachTurn) -> CoachTurn:
    return replace(turn, who_you_want_to_be=tuple(params.who_you_want_to_be))


@_after.register
def _(params: UpdateAskedQuestionsParams, turn: CoachTurn) -> CoachTurn:
    return replace(turn, asked_questions=(*turn.asked_questions, params.asked_question))


@_after.register
def _(params: SetCurrentIdentityParams, turn: CoachTurn) -> CoachTurn:
    return replace(turn, current_identity_id=params.identity_id)


@_after.register
def _(params: AddUserNoteParams, turn: CoachTurn) -> CoachTurn:
    return replace(turn, user_notes=(*turn.user_notes, KnownNote(id="", note=params.note)))


@_after.register
def _(params: UpdateUserNoteParams, turn: CoachTurn) -> CoachTurn:
    notes = (
        replace(one, note=params.note) if one.id == params.user_note_id else one for one in turn.user_notes
    )
    return replace(turn, user_notes=tuple(notes))


@_after.register
def _(params: DeleteUserNoteParams, turn: CoachTurn) -> CoachTurn:
    return replace(turn, user_notes=tuple(one for one in turn.user_notes if one.id != params.user_note_id))


def _changed(identity: KnownIdentity, params: ActionParams) -> KnownIdentity:
    if identity.id != getattr(params, "identity_id", None):
        return identity
    match params:
        case UpdateIdentityNameParams(name=name):
            return replace(identity, name=name)
        case UpdateIAmStatementParams(i_am_statement=statement):
            return replace(identity, i_am_statement=statement)
        case UpdateIdentityVisualizationParams(visualization=visualization):
            return replace(identity, visualization=visualization)
    reached = REACHED.get(type(params))
    return replace(identity, state=reached) if reached else identity


def _accepted(identity: KnownIdentity) -> KnownIdentity:
    is_proposed = identity.state is IdentityState.PROPOSED
    return replace(identity, state=IdentityState.ACCEPTED) if is_proposed else identity
