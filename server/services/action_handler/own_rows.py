"""Ids in parameters are looked up among the acting user's rows, never elsewhere."""

from uuid import UUID

from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.apps.user_notes.models import UserNote
from server.enums.error_kind import ErrorKind
from server.services.action_handler.outcomes import Refusal
from server.services.action_handler.wording import excerpt


def own_identity(coach_state: CoachState, identity_id: str) -> Identity:
    """The user's identity of that id. Raises `Refusal` for an unknown, malformed or foreign id."""
    (identity,) = _own_identities(coach_state, identity_id)
    return identity


def own_live_identity(coach_state: CoachState, identity_id: str) -> Identity:
    """As `own_identity`. Raises `Refusal` for an archived one too."""
    return _live(own_identity(coach_state, identity_id))


def two_own_live_identities(coach_state: CoachState, id_a: str, id_b: str) -> tuple[Identity, Identity]:
    """Two at once, as `own_live_identity`; both ids may name the same one."""
    first, second = _own_identities(coach_state, id_a, id_b)
    return _live(first), _live(second)


def own_user_note(coach_state: CoachState, user_note_id: str) -> UserNote:
    """The user's note of that id. Raises `Refusal` for an unknown, malformed or foreign id."""
    user_note = own_user_note_if_any(coach_state, user_note_id)
    if user_note is None:
        raise _no_user_note(user_note_id)
    return user_note


def own_user_note_if_any(coach_state: CoachState, user_note_id: str) -> UserNote | None:
    """The user's note of that id, or None: it is gone, or was never theirs. Raises `Refusal` for a malformed id."""
    key = _uuid(user_note_id)
    if key is None:
        raise _no_user_note(user_note_id)
    return UserNote.objects.filter(user_id=coach_state.user_id, id=key).first()


def _own_identities(coach_state: CoachState, *identity_ids: str) -> list[Identity]:
    """One for each id, in one query."""
    keys = [_uuid(identity_id) for identity_id in identity_ids]
    wanted = Identity.objects.filter(user_id=coach_state.user_id, id__in=[key for key in keys if key])
    by_key = {identity.id: identity for identity in wanted}
    found = [by_key.get(key) if key else None for key in keys]
    return [_there(identity, identity_id) for identity, identity_id in zip(found, identity_ids, strict=True)]


def _there(identity: Identity | None, identity_id: str) -> Identity:
    if identity is None:
        reason = f"None of the user's identities has the id {excerpt(identity_id)}."
        raise Refusal(reason, ErrorKind.NOT_FOUND)
    return identity


def _live(identity: Identity) -> Identity:
    if identity.is_archived:
        raise Refusal(f'The identity "{identity.name}" is archived.', ErrorKind.ARCHIVED)
    return identity


def _no_user_note(user_note_id: str) -> Refusal:
    reason = f"None of the notes about the user has the id {excerpt(user_note_id)}."
    return Refusal(reason, ErrorKind.NOT_FOUND)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
