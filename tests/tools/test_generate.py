"""The files that the client takes from the server."""

from pathlib import Path

import pytest

from tools import typescript_schema
from tools.generate import drifted, generate, main
from tools.problems import ROOT
from tools.typescript_schema import SCHEMA

ACTION_TYPE = Path("client/src/enums/actionType.ts")


def test_the_committed_files_are_up_to_date() -> None:
    assert drifted(ROOT) == [], "Run `make generate` and commit what it writes."


def test_an_enum_becomes_values_a_type_and_labels(tmp_path: Path) -> None:
    generate(tmp_path)
    source = (tmp_path / ACTION_TYPE).read_text()
    assert '  NEST_IDENTITY: "nest_identity",\n' in source
    assert "export type ActionType = (typeof ActionType)[keyof typeof ActionType];" in source
    assert '  update_who_you_want_to_be: "Write down who you want to be",\n' in source
    assert (
        source.index("CREATE_IDENTITY") < source.index("ARCHIVE_IDENTITY") < source.index("TRANSITION_PHASE")
    )


def test_every_enum_has_a_file(tmp_path: Path) -> None:
    generate(tmp_path)
    assert {path.name for path in (tmp_path / ACTION_TYPE.parent).iterdir()} >= {
        "actionStatus.ts",
        "actionType.ts",
        "coachingPhase.ts",
        "identityState.ts",
    }


def test_drift_is_shown_with_the_command_that_mends_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate(tmp_path)
    file = tmp_path / ACTION_TYPE
    file.write_text(file.read_text().replace("nest_identity", "nested_identity"))

    assert main(["--check"], root=tmp_path) == 1
    shown = capsys.readouterr().err
    assert '-  NEST_IDENTITY: "nested_identity",' in shown
    assert '+  NEST_IDENTITY: "nest_identity",' in shown
    assert "Run `make generate`" in shown

    assert main([], root=tmp_path) == 0
    assert main(["--check"], root=tmp_path) == 0


def test_other_line_ends_are_drift(tmp_path: Path) -> None:
    generate(tmp_path)
    file = tmp_path / ACTION_TYPE
    generated = file.read_bytes()
    file.write_bytes(generated.replace(b"\n", b"\r\n"))
    assert main(["--check"], root=tmp_path) == 1
    assert main([], root=tmp_path) == 0
    assert file.read_bytes() == generated


def test_the_file_of_an_enum_that_is_gone_is_removed_and_others_stay(tmp_path: Path) -> None:
    generate(tmp_path)
    gone, own = tmp_path / ACTION_TYPE.with_name("mood.ts"), tmp_path / ACTION_TYPE.with_name("byHand.ts")
    gone.write_text("// Generated from server/enums/mood.py: do not edit\n")
    own.write_text("export const BY_HAND = 1;\n")

    assert generate(tmp_path) == [ACTION_TYPE.with_name("mood.ts")]
    assert own.exists()


@pytest.mark.parametrize("name", ["byHand.ts", "mood.json", "more/actionType.ts"])
def test_a_file_that_was_not_generated_is_named_with_the_mend(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate(tmp_path)
    stray = ACTION_TYPE.parent / name
    (tmp_path / stray).parent.mkdir(exist_ok=True)
    (tmp_path / stray).write_text("export const BY_HAND = 1;\n")

    assert main(["--check"], root=tmp_path) == 1
    assert capsys.readouterr().err == (
        f"generate: {stray} is written by hand, and client/src/enums is generated from server/enums: move it to "
        "another directory of client/src, or remove it.\n"
    )


def test_the_shapes_of_the_api_become_types(tmp_path: Path) -> None:
    generate(tmp_path)
    source = (tmp_path / SCHEMA).read_text()
    assert source.startswith("// Generated from the OpenAPI document of server/api: do not edit")
    for shape in (
        "Action",
        "Message",
        "CoachState",
        "ActionEvent",
        "CoachStateEvent",
        "MessageEvent",
        "Problem",
    ):
        assert f"        {shape}: {{\n" in source
    assert '"/api/v1/messages": {' in source


def test_where_the_clients_packages_are_missing_it_says_how_to_install_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(typescript_schema, "ROOT", tmp_path)
    typescript_schema.document_types.cache_clear()

    assert main(["--check"], root=tmp_path) == 1
    assert "Install the client's packages: tools/client.sh packages" in capsys.readouterr().err
