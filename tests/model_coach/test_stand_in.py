"""The stand-in refuses what the real server refuses, and plays its script."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import AsyncOpenAI

from server.enums.coaching_phase import CoachingPhase
from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState
from server.models.coach_turn import KnownIdentity
from server.services.action_handler.utils.dynamic_schema import phase_response_model, strict_schema
from server.services.prompt_manager.phases import allowed_actions
from server.testing.model_server.running import ModelServer
from server.testing.model_server.script import Script, ScriptError, Step, load_script
from tests.contracts.sources import ROOT
from tests.model_coach.asking import HELLO, MODEL, TURN, ask

SCHEMA = strict_schema(phase_response_model(allowed_actions(CoachingPhase.INTRODUCTION)))
IDENTITY_ID = "6f6f9c2e-6f0f-4d43-8a52-0c2b5f0c1d11"

OTHER_ID = "00000000-6f0f-4d43-8a52-0c2b5f0c1d11"


def body(**fields: Any) -> dict[str, Any]:
    schema = {"name": "coach_response", "strict": True, "schema": SCHEMA}
    known = {
        "model": MODEL,
        "messages": [{"role": "user", "content": "hello"}],
        "response_format": {"type": "json_schema", "json_schema": schema},
    }
    return {name: value for name, value in {**known, **fields}.items() if value is not None}


def schema_with(**fields: Any) -> dict[str, Any]:
    schema = {"name": "coach_response", "strict": True, "schema": SCHEMA, **fields}
    return {"type": "json_schema", "json_schema": schema}


def post(server: ModelServer, sent: Any, key: str = "stand-in") -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.post(f"{server.base_url}/chat/completions", json=sent, headers=headers, trust_env=False)


@pytest.mark.parametrize(
    ("sent", "status", "message"),
    [
        (body(temprature=1), 400, "Unrecognized request argument supplied: temprature"),
        (body(model="gpt-99"), 404, "The model `gpt-99` does not exist or you do not have access to it."),
        (body(model=None), 400, "Missing required parameter: 'model'."),
        (body(messages=[]), 400, "Invalid 'messages'"),
        (body(messages=[{"role": "coach", "content": "x"}]), 400, "Invalid value for 'messages[0].role'."),
        (body(messages=[{"role": "user", "content": None}]), 400, "'messages[0].content'"),
        (body(messages=[{"role": "user", "content": "x", "id": 1}]), 400, "'messages[0].id'"),
        (body(temperature=3), 400, "Invalid 'temperature'"),
        (body(reasoning_effort="much"), 400, "Invalid 'reasoning_effort'"),
        (body(max_completion_tokens=0), 400, "Invalid 'max_completion_tokens'"),
        (body(stream="yes"), 400, "Invalid 'stream'"),
        (body(stream_options={"include_usage": True}), 400, "only allowed when 'stream'"),
        (body(safety_identifier="x" * 129), 400, "Invalid 'safety_identifier'"),
        (body(response_format={"type": "json_object"}), 400, "Invalid 'response_format'"),
        (body(response_format=schema_with(strict=False)), 400, "strict"),
        (body(response_format=schema_with(name="a name")), 400, "json_schema"),
        (
            body(response_format=schema_with(schema={**SCHEMA, "required": ["message"]})),
            400,
            "Invalid schema for response_format 'coach_response'",
        ),
        (
            body(response_format=schema_with(schema={**SCHEMA, "additionalProperties": True})),
            400,
            "additionalProperties",
        ),
        ([], 400, "We could not parse the JSON body of your request."),
    ],
)
def test_a_wrong_request_is_refused_as_the_real_server_does(sent: Any, status: int, message: str) -> None:
    with ModelServer([HELLO]) as server:
        answer = post(server, sent)
        assert len(server.requests) == 0
    error = answer.json()["error"]
    assert (answer.status_code, set(error)) == (status, {"message", "type", "param", "code"})
    assert message in error["message"]


@pytest.mark.parametrize(
    ("key", "code"), [("", None), ("wrong", "invalid_api_key"), ("ß", "invalid_api_key")]
)
def test_a_wrong_key_is_refused(key: str, code: str | None) -> None:
    headers = [(b"authorization", b"Bearer " + key.encode())] if key else []
    with ModelServer([HELLO]) as server:
        for method, path in (("POST", "chat/completions"), ("GET", "models")):
            answer = httpx.request(
                method, f"{server.base_url}/{path}", headers=headers, json=body(), trust_env=False
            )
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, code)


def test_the_client_of_the_provider_reads_all_that_it_sends() -> None:
    async def read() -> None:
        async with AsyncOpenAI(api_key=server.key, base_url=server.base_url, max_retries=0) as client:
            assert [model.id async for model in client.models.list()] == [MODEL]
            whole = await client.chat.completions.create(**body())
            assert json.loads(whole.choices[0].message.content or "")["message"] == "Hello. How are you?"
            refused = await client.chat.completions.create(**body())
            assert (refused.choices[0].message.content, refused.choices[0].message.refusal) == (None, "No.")
            asked = body(stream=True, stream_options={"include_usage": True})
            chunks = [chunk async for chunk in await client.chat.completions.create(**asked)]
            assert chunks[-1].usage == whole.usage
            assert [one.finish_reason for chunk in chunks for one in chunk.choices][-1] == "stop"
            text = "".join(one.delta.content or "" for chunk in chunks for one in chunk.choices)
            assert text == whole.choices[0].message.content
            assert list(json.loads(text)) == list(SCHEMA["properties"])

    with ModelServer([HELLO, Step(refuse="No."), HELLO]) as server:
        asyncio.run(read())


def message_of(answer: httpx.Response) -> str:
    content = json.loads(answer.json()["choices"][0]["message"]["content"])
    return str(content["message"])


def says(text: str, **fields: Any) -> Step:
    return Step(answer={"message": text}, **fields)


def test_each_conversation_goes_through_the_script_by_itself() -> None:
    script = Script.of(says("1"), says("2"), says("A joke.", when="JOKE"), after=says("The end."))

    def turn(who: str, text: str, *, is_first: bool = False) -> str:
        before = [] if is_first else [{"role": "assistant", "content": "…"}]
        sent = body(safety_identifier=who, messages=[*before, {"role": "user", "content": text}])
        return message_of(post(server, sent))

    with ModelServer(script) as server:
        assert turn("ada", "hello", is_first=True) == "1"
        assert turn("ben", "hello", is_first=True) == "1"
        assert turn("ada", "tell me a joke") == "A joke."
        assert turn("ada", "and now") == "2"
        assert turn("ada", "and now") == "The end."
        assert turn("ben", "and now") == "2"
        assert turn("ada", "hello again", is_first=True) == "1", "a chat that was cleared begins anew"


def test_a_script_that_has_ended_says_so() -> None:
    with ModelServer([HELLO]) as server:
        post(server, body())
        answer = post(server, body())
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "script_ended")


def test_an_answer_that_the_schema_does_not_allow_is_refused_loudly() -> None:
    archive = {"message": "Gone.", "archive_identity": {"params": {"identity_id": "1"}}}
    with ModelServer([Step(answer=archive)]) as server:
        answer = post(server, body())
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "script_wrong")
    assert "'archive_identity'" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "told",
    [
        f"- {IDENTITY_ID}: Gardener",
        f"## Gardener\nid: {IDENTITY_ID}",
        f"id: {IDENTITY_ID}\nGardener",
        f'{{"id": "{OTHER_ID}", "name": "Gardener at night"}},\n{{"id": "{IDENTITY_ID}", "name": "Gardener"}}',
    ],
)
def test_an_answer_names_rows_by_the_ids_that_the_model_was_told(told: str) -> None:
    wanted = {
        "message": "Yes.",
        "update_user_note": {"params": {"user_note_id": "$note:Gardener", "note": "Tea"}},
    }
    messages = [{"role": "system", "content": told}, {"role": "user", "content": "yes"}]
    with ModelServer([Step(answer=wanted)] * 2) as server:
        answer = post(server, body(messages=messages))
        unknown = post(server, body())
    content = json.loads(answer.json()["choices"][0]["message"]["content"])
    assert content["update_user_note"]["params"]["user_note_id"] == IDENTITY_ID
    assert unknown.json()["error"]["code"] == "script_wrong"


def test_the_ids_of_a_real_prompt_are_found() -> None:
    """The prompt that the coach is given, and an answer that names an identity by its name."""
    known = KnownIdentity(
        id=IDENTITY_ID,
        name='Night "Gärtner"',
        category=IdentityCategory.SPIRITUAL,
        state=IdentityState.PROPOSED,
    )
    turn = replace(TURN, phase=CoachingPhase.IDENTITY_BRAINSTORMING, identities=(known,))
    accept = {"message": "Yes.", "accept_identity": {"params": {"identity_id": f"$identity:{known.name}"}}}
    with ModelServer([Step(answer=accept)]) as server:
        (action,) = ask(server, turn).response.actions()
    assert action.params.model_dump() == {"identity_id": IDENTITY_ID}


def test_what_a_request_has_in_common_with_the_one_before_is_cached() -> None:
    long = {"role": "system", "content": "rules " * 2_000}
    with ModelServer([HELLO, HELLO]) as server:
        first, second = (
            post(server, body(messages=[long, {"role": "user", "content": text}])).json()["usage"]
            for text in ("hello", "good-bye")
        )
    assert first["prompt_tokens_details"]["cached_tokens"] == 0
    assert 2_000 < second["prompt_tokens_details"]["cached_tokens"] <= second["prompt_tokens"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "steps: [{answer: {massage: Hello.}}]",
            "steps.0: the answer is no structured response: message: Field",
        ),
        (
            "steps: [{answer: {message: Hello., dance: {}}}]",
            "steps.0: the answer is no structured response: dance",
        ),
        ("steps: [{refuse: No., status: 500}]", "steps.0: a step does one thing, and this one has"),
        (
            "steps: [{refuse: No., answer: {message: Yes.}}]",
            "steps.0: a step with 'refuse' gives no `answer`",
        ),
        ("steps: [{wait: 1}]", "steps.0: a step needs an `answer`, or one of"),
        ("steps: [{status: 200}]", "steps.0.status: Input should be greater than or equal to 400"),
        ("stepps: []", "stepps: Extra inputs are not permitted"),
        ("format: 2", "format: Input should be 1"),
        ("steps: [", "is no YAML: while parsing"),
        ("- 1", "Input should be a valid dictionary"),
    ],
)
def test_a_wrong_script_is_refused_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "script.yaml"
    file.write_text(text)
    with pytest.raises(ScriptError) as refused:
        load_script(file)
    assert problem in str(refused.value)
    assert str(file) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_script_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="cannot be read: No such file"):
        load_script(tmp_path / "none.yaml")


def test_the_script_of_the_page_can_be_played(tmp_path: Path) -> None:
    page = (ROOT / "docs/docs/core-systems/model-coach.md").read_text(encoding="utf-8")
    file = tmp_path / "demo.yaml"
    file.write_text(page.split("```yaml\n")[1].split("```")[0])
    script = load_script(file)
    assert len(script.in_order()) == 4
    assert script.for_text("Tell me a JOKE") is not None
    assert script.after is not None
