"""What the coach asks a new user."""

from server.enums.labelled import Labelled


class GetToKnowYouQuestion(Labelled):
    """The five questions of the phase `get_to_know_you`, in asking order."""

    BACKGROUND_UPBRINGING = "background_upbringing"
    FAMILY_STRUCTURE = "family_structure"
    WORK_LIVING = "work_living"
    HOBBIES_INTERESTS = "hobbies_interests"
    WHY_HERE_HOPES = "why_here_hopes"
