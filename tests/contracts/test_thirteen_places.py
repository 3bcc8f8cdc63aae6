"""Where the old guide wanted a line by hand and none is needed any more, the file says so."""

import pytest

from tests.contracts.sources import ROOT

HANDLER = "server/services/action_handler"
NOTHING = "othing to add here for a new action"
GENERATED = "do not edit, `make generate` writes it anew"
WRITTEN = "`coach new-action"

PLACES = {
    "server/enums/action_type.py": WRITTEN,
    f"{HANDLER}/models/params.py": WRITTEN,
    f"{HANDLER}/models/actions.py": NOTHING,
    f"{HANDLER}/models/__init__.py": NOTHING,
    f"{HANDLER}/utils/action_instructions.py": NOTHING,
    f"{HANDLER}/utils/dynamic_schema.py": NOTHING,
    f"{HANDLER}/actions/__init__.py": NOTHING,
    f"{HANDLER}/handler.py": NOTHING,
    "server/models/coach_chat_response.py": NOTHING,
    "client/src/enums/actionType.ts": GENERATED,
}


@pytest.mark.parametrize(("path", "line"), PLACES.items(), ids=PLACES)
def test_the_place_says_that_no_edit_is_needed(path: str, line: str) -> None:
    assert line in (ROOT / path).read_text(encoding="utf-8"), (
        f"{path}: say in one line what became of the edit"
    )
