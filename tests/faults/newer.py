"""A newer version of the product: a source tree of its own, whose roles run beside those of this one."""

import shutil
from pathlib import Path

from server.enums.coaching_phase import CoachingPhase
from tests.contracts.sources import ROOT

COUNT_SHEEP_PARAMS = '''

class CountSheepParams(ActionParams):
    """Count a sheep, until the user sleeps."""

    sheep: Annotated[Name, Field(description="The sheep's name.")]
'''

COUNT_SHEEP = '''"""A sheep is counted."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.apps.user_notes.models import UserNote
from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import CountSheepParams
from server.services.action_handler.outcomes import Applied, Outcome


@handles(CountSheepParams)
def count_sheep(
    coach_state: CoachState, params: CountSheepParams, coach_message: ChatMessage | None
) -> Outcome:
    UserNote.objects.create(user_id=coach_state.user_id, note=params.sheep, coach_message=coach_message)
    return Applied(f"Counted {params.sheep}.")
'''

ADD_COLUMN = """from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("actions", "{before}")]
    operations = [
        migrations.AddField("action", "origin", models.CharField(max_length=64, null=True, blank=True)),
    ]
"""

ADD_INDEX = """from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("actions", "9001_column")]
    operations = [AddIndexConcurrently("action", models.Index(fields=["origin"], name="action_origin"))]
"""


class Version:
    """A copy of this version in a directory, to be made newer."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        for package in ("server", "workers"):
            shutil.copytree(ROOT / package, directory / package, ignore=shutil.ignore_patterns("__pycache__"))

    @property
    def environment(self) -> dict[str, str]:
        """With this a Python process imports this version, whatever directory it runs in."""
        return {
            "PYTHONPATH": str(self.directory),
            "PYTHONSAFEPATH": "1",
            "DJANGO_SETTINGS_MODULE": "server.settings.base",  # those of the tests are not in it
        }

    def write(self, file: str, text: str) -> None:
        path = self.directory / file
        assert not path.exists(), f"{file} exists already"
        path.write_text(text)

    def replace(self, file: str, old: str, new: str) -> None:
        path = self.directory / file
        text = path.read_text()
        assert text.count(old) == 1, f"{file} has {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new))


def with_other_actions(directory: Path) -> Version:
    """`count_sheep` is new, `delete_user_note` has version 2 of its params, `update_user_note` has another name."""
    version = Version(directory)
    _add_count_sheep(version)
    version.replace(
        "server/services/action_handler/models/params.py",
        '    """Forget something that was remembered about the user."""\n',
        '    """Forget something that was remembered about the user."""\n\n'
        "    version = 2\n"
        '    why: Annotated[Prose, Field(description="Why.")]\n',
    )
    _rename(version, "update_user_note", "correct_user_note")
    return version


def with_a_renamed_action(directory: Path) -> Version:
    """`update_user_note` is called `correct_user_note`, with its old name as an alias."""
    version = Version(directory)
    _rename(version, "update_user_note", "correct_user_note")
    version.replace(
        "server/enums/action_type.py",
        "ALIASES: Mapping[str, ActionType] = {}\n",
        'ALIASES: Mapping[str, ActionType] = {"update_user_note": ActionType.CORRECT_USER_NOTE}\n',
    )
    return version


def with_migrations(directory: Path) -> Version:
    """The actions have one more column, and then an index on it."""
    version = Version(directory)
    migrations = "server/apps/actions/migrations"
    before = max(path.stem for path in (directory / migrations).glob("0*.py"))
    version.write(f"{migrations}/9001_column.py", ADD_COLUMN.format(before=before))
    version.write(f"{migrations}/9002_index.py", ADD_INDEX)
    models = "server/apps/actions/models.py"
    last_field = "    holder_since = models.DateTimeField(null=True, blank=True)\n"
    version.replace(
        models,
        last_field,
        last_field + "    origin = models.CharField(max_length=64, null=True, blank=True)\n",
    )
    version.replace(
        models,
        "        indexes = [\n",
        '        indexes = [\n            models.Index(fields=["origin"], name="action_origin"),\n',
    )
    return version


def _add_count_sheep(version: Version) -> None:
    last_note = '    DELETE_USER_NOTE = "delete_user_note"\n'
    version.replace("server/enums/action_type.py", last_note, last_note + '    COUNT_SHEEP = "count_sheep"\n')
    last_label = '    ActionType.DELETE_USER_NOTE: "Delete a note about you",\n'
    label = '    ActionType.COUNT_SHEEP: "Count a sheep",\n'
    version.replace("server/enums/action_type.py", last_label, last_label + label)
    with (version.directory / "server/services/action_handler/models/params.py").open("a") as params:
        params.write(COUNT_SHEEP_PARAMS)
    version.write("server/services/action_handler/actions/count_sheep.py", COUNT_SHEEP)
    for phase in CoachingPhase:
        prompt = f"server/services/prompt_manager/prompts/{phase}.md"
        version.replace(prompt, "allowed_actions:\n", "allowed_actions:\n  - count_sheep\n")


def _rename(version: Version, old: str, new: str) -> None:
    """An action by another name: the one is gone, the other is new."""
    words = {spelled(old): spelled(new) for spelled in (str.lower, str.upper, _camel)}
    for path in version.directory.rglob("*"):
        if path.suffix in {".py", ".md"}:
            text = path.read_text()
            for word, other in words.items():
                text = text.replace(word, other)
            path.write_text(text)
    actions = version.directory / "server/services/action_handler/actions"
    (actions / f"{old}.py").rename(actions / f"{new}.py")


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))
