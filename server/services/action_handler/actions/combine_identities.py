"""Two identities become one."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.enums.error_kind import ErrorKind
from server.enums.identity_category import IdentityCategory
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import CombineIdentitiesParams
from server.services.action_handler.models.text import NAME_LIMIT
from server.services.action_handler.outcomes import Applied, Outcome, Rejected
from server.services.action_handler.own_rows import two_own_live_identities


@handles(CombineIdentitiesParams)
def combine_identities(
    coach_state: CoachState, params: CombineIdentitiesParams, coach_message: ChatMessage | None
) -> Outcome:
    first, second = two_own_live_identities(coach_state, params.identity_id_a, params.identity_id_b)
    if first == second:
        return Rejected(f'The identity "{first.name}" cannot be combined with itself.')
    both = f'"{first.name}" and "{second.name}"'
    kept, other = _kept_and_other(first, second)
    name = f"{first.name} / {second.name}"
    if len(name) > NAME_LIMIT:
        return Rejected(f"The combined name has {len(name)} characters; the limit is {NAME_LIMIT}.")
    if not kept.may_be_named(name):
        return Rejected(f'Another identity is named "{name}" already.', ErrorKind.CONFLICT)
    kept.change(name=name, notes=kept.notes_and(other.notes_for_another()))
    other.archive()
    coach_state.leave(other)
    return Applied(f'Combined the identities {both} into "{name}" in {kept.category.label}.')


def _kept_and_other(first: Identity, second: Identity) -> tuple[Identity, Identity]:
    """The first is kept, unless it alone is in Passions and Talents: the more particular category wins."""
    passion = IdentityCategory.PASSIONS_AND_TALENTS
    if first.category == passion and second.category != passion:
        return second, first
    return first, second
