"""How far an identity has come."""

from server.enums.labelled import Labelled


class IdentityState(Labelled):
    """A ladder, in declared order; `archived` stands beside it and is final."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFINEMENT_COMPLETE = "refinement_complete"
    COMMITMENT_COMPLETE = "commitment_complete"
    I_AM_COMPLETE = "i_am_complete"
    VISUALIZATION_COMPLETE = "visualization_complete"
    ARCHIVED = "archived"

    def states_below(self) -> tuple["IdentityState", ...]:
        """The states lower on the ladder than this one; none for `archived`, which is not on it."""
        return () if self is IdentityState.ARCHIVED else LADDER[: LADDER.index(self)]


LADDER = tuple(state for state in IdentityState if state is not IdentityState.ARCHIVED)
