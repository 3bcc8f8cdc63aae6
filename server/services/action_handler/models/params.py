"""The parameters of every action: one class each, named after its `ActionType`.

The docstring and the descriptions are what the model reads. `coach new-action` writes the class of a new action here.
"""

from typing import Annotated

from pydantic import Field

from server.enums.coaching_phase import CoachingPhase
from server.enums.get_to_know_you_question import GetToKnowYouQuestion
from server.enums.identity_category import IdentityCategory
from server.services.action_handler.models.base import ActionParams
from server.services.action_handler.models.text import Name, OptionalProse, Prose, RowId

IdentityId = Annotated[
    RowId, Field(description="The id of one of the user's identities, as listed in the context.")
]
UserNoteId = Annotated[
    RowId, Field(description="The id of one of the notes about the user, as listed in the context.")
]


class CreateIdentityParams(ActionParams):
    """Create an identity that the user has named. Use it once the user says who they are or want to be."""

    name: Annotated[Name, Field(description="The identity's name, a few words as the user would say it.")]
    category: Annotated[IdentityCategory, Field(description="The part of life that the identity belongs to.")]
    note: Annotated[
        OptionalProse,
        Field(description="What the user said about it, in their words; empty when nothing was said."),
    ]


class UpdateIdentityNameParams(ActionParams):
    """Rename an identity when the user prefers other words for it."""

    identity_id: IdentityId
    name: Annotated[Name, Field(description="The new name.")]


class UpdateIAmStatementParams(ActionParams):
    """Write down the identity's "I am" statement as the user settled on it."""

    identity_id: IdentityId
    i_am_statement: Annotated[Prose, Field(description='The whole statement, beginning with "I am".')]


class UpdateIdentityVisualizationParams(ActionParams):
    """Write down how the user pictures life as this identity."""

    identity_id: IdentityId
    visualization: Annotated[Prose, Field(description="The picture, in the user's words.")]


class AddIdentityNoteParams(ActionParams):
    """Keep something that the user said about an identity."""

    identity_id: IdentityId
    note: Annotated[Prose, Field(description="The note to add.")]


class AcceptIdentityParams(ActionParams):
    """Mark a proposed identity as accepted, once the user says that it fits."""

    identity_id: IdentityId


class AcceptIdentityRefinementParams(ActionParams):
    """Mark an identity as refined, once the user is content with its name and meaning."""

    identity_id: IdentityId


class AcceptIdentityCommitmentParams(ActionParams):
    """Mark an identity as committed to, once the user says so."""

    identity_id: IdentityId


class AcceptIAmStatementParams(ActionParams):
    """Mark an identity's "I am" statement as final, once it is written down and the user says so."""

    identity_id: IdentityId


class AcceptIdentityVisualizationParams(ActionParams):
    """Mark an identity's visualization as final, once the user says so."""

    identity_id: IdentityId


class ArchiveIdentityParams(ActionParams):
    """Put an identity away for good, when the user no longer wants it."""

    identity_id: IdentityId


class NestIdentityParams(ActionParams):
    """Make one identity a part of another: its notes move to the parent and it is archived."""

    identity_id: Annotated[
        RowId, Field(description="The id of the identity that becomes a part of the other.")
    ]
    parent_identity_id: Annotated[RowId, Field(description="The id of the identity that takes it in.")]


class CombineIdentitiesParams(ActionParams):
    """Make one identity of two that the user feels to be the same."""

    identity_id_a: Annotated[RowId, Field(description="The id of the first identity; its name comes first.")]
    identity_id_b: Annotated[RowId, Field(description="The id of the second identity.")]


class TransitionPhaseParams(ActionParams):
    """Move the coaching to another phase, once this one has done its work or the user asks for it."""

    to_phase: Annotated[CoachingPhase, Field(description="The phase to move to.")]


class SelectIdentityFocusParams(ActionParams):
    """Choose the category that is talked about next."""

    category: Annotated[IdentityCategory, Field(description="The category to turn to.")]


class SkipIdentityCategoryParams(ActionParams):
    """Leave a category out, when the user does not want to talk about it."""

    category: Annotated[IdentityCategory, Field(description="The category to leave out.")]


class UnskipIdentityCategoryParams(ActionParams):
    """Take a category in again that was left out."""

    category: Annotated[IdentityCategory, Field(description="The category to take in again.")]


class UpdateWhoYouAreParams(ActionParams):
    """Write down who the user says they are: the whole list, old entries included."""

    who_you_are: Annotated[list[Name], Field(description="Every entry, in order, without repeats.")]


class UpdateWhoYouWantToBeParams(ActionParams):
    """Write down who the user says they want to be: the whole list, old entries included."""

    who_you_want_to_be: Annotated[list[Name], Field(description="Every entry, in order, without repeats.")]


class UpdateAskedQuestionsParams(ActionParams):
    """Record that a get-to-know-you question has been asked and answered."""

    asked_question: Annotated[GetToKnowYouQuestion, Field(description="The question that was asked.")]


class SetCurrentIdentityParams(ActionParams):
    """Choose the identity that is worked on now."""

    identity_id: IdentityId


class AddUserNoteParams(ActionParams):
    """Remember something about the user that will matter later."""

    note: Annotated[Prose, Field(description="What to remember, one fact.")]


class UpdateUserNoteParams(ActionParams):
    """Correct something that was remembered about the user."""

    user_note_id: UserNoteId
    note: Annotated[Prose, Field(description="What to remember instead.")]


class DeleteUserNoteParams(ActionParams):
    """Forget something that was remembered about the user."""

    user_note_id: UserNoteId
