"""Whether the database has rows of an action: for `coach remove-action`, which loads Django first."""

from server.apps.actions.models import Action
from server.cli.database import database
from server.cli.errors import DidNotHoldError
from server.enums.action_type import FILE, ActionType


def refuse_where_rows_exist(name: str) -> None:
    """Raises `DidNotHoldError` where rows are of this type, and where no database can be asked."""
    try:
        with database():
            found = Action.objects.of_type(ActionType(name)).count()
    except DidNotHoldError as error:
        raise DidNotHoldError(f"It cannot be seen whether rows are of the type {name!r}. {error}") from error
    if found:
        raise DidNotHoldError(
            f"{found:,} {'row is' if found == 1 else 'rows are'} of the type {name!r}, and rows keep their type: "
            f"take it out of the prompts' allowed_actions instead, and add it to RETIRED in {FILE}. "
            "To rename it, change its name everywhere and add "
            f'"{name}": ActionType.NEW_NAME to ALIASES in {FILE}, for rows and messages carry the old one.'
        )
