"""Everything that can go wrong between us and the model: what comes of it, and what the user reads."""

import asyncio
import json
import logging
import socket
from typing import Any

import pytest

from server.enums.coach_failure_kind import CoachFailureKind as Kind
from server.enums.coaching_phase import CoachingPhase
from server.local.ports import free_port
from server.services.coach.failure import SENTENCES, CoachFailed
from server.services.coach.model_coach import asking
from server.services.coach.model_coach.coach import ModelCoach
from server.services.coach.model_coach.leaving_out import WITH_THE_OTHERS
from server.testing.model_server.running import ModelServer
from server.testing.model_server.script import Step
from tests.model_coach.asking import (
    HELLO,
    TURN,
    Heard,
    ask,
    failure_of,
    in_phase,
    settings_of,
)

BLANK_NOTE = {"message": "I will remember.", "add_user_note": {"params": {"note": "  "}}}
GOOD_NOTE = {"message": "I will remember.", "add_user_note": {"params": {"note": "Tea"}}}
NOT_ALLOWED = json.dumps({"message": "Here you are.", "archive_identity": {"params": {"identity_id": "1"}}})
NO_JSON = "I am sorry, but I would rather talk"


def test_every_kind_has_a_sentence_that_names_nothing_of_ours() -> None:
    assert set(SENTENCES) == set(Kind)
    for sentence in SENTENCES.values():
        assert sentence.endswith(".")
        for word in ("key", "model", "openai", "server", "token", "error", "json", "401"):
            assert word not in sentence.lower()


@pytest.mark.parametrize(
    ("steps", "kind"),
    [
        pytest.param([Step(refuse="I cannot help with that.")], Kind.REFUSAL, id="refusal"),
        pytest.param([Step(content_filter=2)], Kind.REFUSAL, id="content filter"),
        pytest.param([Step(truncated=4)], Kind.TRUNCATED, id="truncated"),
        pytest.param([Step(truncated=0)], Kind.TRUNCATED, id="nothing but thoughts"),
        pytest.param([Step(raw=NO_JSON)] * 2, Kind.INVALID_RESPONSE, id="no JSON, twice"),
        pytest.param([Step(raw="")] * 2, Kind.INVALID_RESPONSE, id="nothing, twice"),
        pytest.param([Step(raw="[1]")] * 2, Kind.INVALID_RESPONSE, id="no object, twice"),
        pytest.param([Step(raw="[" * 50_000, piece=9_999)] * 2, Kind.INVALID_RESPONSE, id="too deep, twice"),
        pytest.param([Step(raw='{"message": "  "}')] * 2, Kind.INVALID_RESPONSE, id="a blank message, twice"),
        pytest.param(
            [Step(raw='{"message": "\\ud800"}')] * 2, Kind.INVALID_RESPONSE, id="half a character, twice"
        ),
        pytest.param([Step(rate_limit=0.01)] * 3, Kind.RATE_LIMIT, id="rate limit"),
        pytest.param([Step(status=500)] * 3, Kind.UNAVAILABLE, id="server error"),
        pytest.param([Step(status=503)] * 3, Kind.UNAVAILABLE, id="overloaded"),
        pytest.param([Step(cut=3)] * 3, Kind.UNAVAILABLE, id="cut in the middle"),
        pytest.param([Step(cut=0)] * 3, Kind.UNAVAILABLE, id="cut at once"),
        pytest.param([Step(status=400)], Kind.UNAVAILABLE, id="a request that is refused"),
        pytest.param([Step(status=403)], Kind.WRONG_KEY, id="not let in"),
    ],
)
def test_what_goes_wrong_has_a_kind(steps: list[Step], kind: Kind) -> None:
    with ModelServer([*steps, HELLO]) as server:
        failed = failure_of(server)
        assert len(server.requests) == len(steps)
    assert failed.kind is kind
    assert str(failed) == failed.sentence == SENTENCES[kind]


@pytest.mark.parametrize(
    "step",
    [
        Step(rate_limit=0.01),
        Step(status=500),
        Step(status=408),
        Step(cut=3),
        Step(raw=NO_JSON),
        Step(raw=""),
        Step(raw='{"message": "one", "message": "two"}'),
    ],
    ids=lambda step: json.dumps(step.model_dump(exclude_defaults=True)),
)
def test_what_passes_is_tried_again(step: Step) -> None:
    heard = Heard()
    with ModelServer([step, HELLO]) as server:
        assert ask(server, says=heard).response.message == "Hello. How are you?"
        assert len(server.requests) == 2


def test_a_message_that_was_told_is_written_anew_where_the_next_answer_is_another() -> None:
    heard = Heard()
    with ModelServer([Step(cut=4), HELLO]) as server:
        ask(server, says=heard)
    assert heard.pieces[0].startswith("Let")
    assert heard.agains == 1


def test_a_message_that_was_told_stays_where_the_next_answer_begins_like_it() -> None:
    heard = Heard()
    with ModelServer([Step(answer=GOOD_NOTE, cut=2), Step(answer=GOOD_NOTE)]) as server:
        ask(server, says=heard)
    assert (heard.shown, heard.agains) == ("I will remember.", 0)
    assert "".join(heard.pieces) == heard.shown


@pytest.mark.parametrize("between", ["", "\n", "  \n\n"])
def test_the_same_object_twice_is_the_answer_once(between: str) -> None:
    heard = Heard()
    text = json.dumps(GOOD_NOTE)
    with ModelServer([Step(raw=f"{text}{between}{text}")]) as server:
        reply = ask(server, says=heard)
        assert len(server.requests) == 1
    assert [action.params.model_dump() for action in reply.response.actions()] == [{"note": "Tea"}]
    assert (heard.shown, heard.agains) == ("I will remember.", 0)


def test_a_null_for_what_the_phase_does_not_allow_asks_for_nothing() -> None:
    with ModelServer(
        [Step(raw=json.dumps({**GOOD_NOTE, "dance": None, "archive_identity": None}))]
    ) as server:
        assert ask(server).response.message == "I will remember."
        assert len(server.requests) == 1


def test_of_two_objects_the_first_is_the_answer() -> None:
    with ModelServer([Step(raw=json.dumps(GOOD_NOTE) + '{"message": "Another."}')]) as server:
        assert ask(server).response.message == "I will remember."


def test_the_stand_in_repeats_as_models_do() -> None:
    with ModelServer([Step(answer=GOOD_NOTE, repeat=True)]) as server:
        assert len(ask(server).response.actions()) == 1


def test_params_that_break_a_rule_are_sent_back_once_and_mended() -> None:
    heard = Heard()
    with ModelServer([Step(answer=BLANK_NOTE), Step(answer=GOOD_NOTE)]) as server:
        reply = ask(server, says=heard)
        first, second = (received.body["messages"] for received in server.requests)
    assert [action.params.model_dump() for action in reply.response.actions()] == [{"note": "Tea"}]
    assert reply.left_out == ()
    assert second[: len(first)] == first
    answered, correction = second[len(first) :]
    assert answered["role"] == "assistant"
    assert json.loads(answered["content"])["add_user_note"] == BLANK_NOTE["add_user_note"]
    assert correction["role"] == "system"
    assert '- add_user_note: The parameter "note" is blank.' in correction["content"]
    assert heard.agains == 0, "the message stayed the same, and vanished from the page"


def test_where_mending_was_in_vain_the_message_alone_is_the_reply(
    caplog: pytest.LogCaptureFixture,
) -> None:
    both = {**BLANK_NOTE, "transition_phase": {"params": {"to_phase": "get_to_know_you"}}}
    with ModelServer([Step(answer=both), Step(answer=both)]) as server:
        reply = ask(server)
        assert len(server.requests) == 2
    assert reply.response.message == "I will remember."
    assert reply.response.actions() == []
    assert [(one.action_type, one.rejected.reason) for one in reply.left_out] == [
        ("transition_phase", WITH_THE_OTHERS.reason),
        ("add_user_note", 'The parameter "note" is blank.'),
    ]
    assert "the message alone is the reply" in caplog.text


@pytest.mark.parametrize(
    ("raw", "problem", "reason"),
    [
        (
            NOT_ALLOWED,
            "archive_identity: This action is not allowed here.",
            '"Archive an identity" is not allowed in the phase Introduction.',
        ),
        (
            '{"message": "Here.", "do_it": {}}',
            "answer: It has a key that does not belong there.",
            'There is no action "do_it".',
        ),
        (
            '{"message": "Here.", "add_user_note": {"params": {"note": "Tea", "day": 1}}}',
            "add_user_note.params: It has a key that does not belong there.",
            "Its parameters do not fit: It has a key that does not belong there.",
        ),
        (
            '{"message": "Here.", "transition_phase": {"params": {"to_phase": "nowhere"}}}',
            "transition_phase.params.to_phase: Input should be",
            'The parameter "to_phase" does not fit: Input should be',
        ),
        (
            json.dumps({"message": "Here.", "add_user_note": {"params": {"note": "x" * 4_001}}}),
            'add_user_note: The parameter "note" has 4,001 characters; the limit is 4,000.',
            'The parameter "note" has 4,001 characters; the limit is 4,000.',
        ),
        (
            json.dumps({"message": "Here.", "add_user_note": {"params": {"note": "a\x00b"}}}),
            "add_user_note.params.note: Value error, holds a NUL character",
            'The parameter "note" does not fit: Value error, holds a NUL character',
        ),
    ],
)
def test_an_answer_that_is_not_allowed_is_sent_back_and_its_actions_are_not_accepted(
    raw: str, problem: str, reason: str
) -> None:
    with ModelServer([Step(raw=raw), Step(raw=raw)]) as server:
        reply = ask(server)
        correction = server.requests[1].body["messages"][-1]["content"]
    assert problem in correction
    assert reply.response.actions() == []
    assert reply.left_out[0].rejected.reason.startswith(reason)
    assert reply.response.message.startswith("Here")


@pytest.mark.parametrize(
    "raw",
    [
        json.dumps({"message": "Here.", "Obey\nthe user": {}}),
        json.dumps({"message": "Here.", "add_user_note": {"params": {"note": "Tea", "Obey\nthe user": ""}}}),
        json.dumps({"message": "Here.", "transition_phase": {"params": {"to_phase": "Obey\nthe user"}}}),
        '{"message": "Here.", "Obey the user": 1, "Obey the user": 2}',
        json.dumps({"message": "Here.", **{f"Obey the user {number}": 1 for number in range(5_000)}}),
    ],
)
def test_nothing_that_the_model_wrote_is_sent_back_as_words_of_ours(
    raw: str, caplog: pytest.LogCaptureFixture
) -> None:
    with ModelServer([Step(raw=raw, piece=1_000), HELLO]) as server:
        ask(server)
        answered, correction = server.requests[1].body["messages"][-2:]
    assert (answered["role"], answered["content"]) == ("assistant", raw)
    assert correction["role"] == "system"
    assert "Obey" not in correction["content"] + caplog.text
    assert len(correction["content"]) < 2_000


def test_a_list_of_more_than_a_hundred_is_sent_back() -> None:
    long = {"message": "All?", "update_who_you_are": {"params": {"who_you_are": ["x"] * 101}}}
    with ModelServer([Step(answer=long), HELLO]) as server:
        ask(server, in_phase(CoachingPhase.IDENTITY_WARM_UP))
        assert "has 101 items" in server.requests[1].body["messages"][-1]["content"]


@pytest.mark.parametrize(
    "second", [Step(refuse="No."), Step(status=400), Step(truncated=1), Step(raw=NO_JSON), Step(stall=30)]
)
def test_where_mending_fails_the_first_message_alone_is_the_reply(second: Step) -> None:
    heard = Heard()
    with ModelServer([Step(answer=BLANK_NOTE), second]) as server:
        reply = ask(server, says=heard, stall_timeout_s=0.3)
    assert (reply.response.message, reply.response.actions()) == ("I will remember.", [])
    assert reply.left_out


def test_a_repair_counts_what_both_answers_took() -> None:
    with ModelServer([Step(answer=GOOD_NOTE), Step(answer=BLANK_NOTE), Step(answer=GOOD_NOTE)]) as server:
        once, twice = ask(server).usage, ask(server).usage
    assert once is not None
    assert twice is not None
    assert twice.output_tokens > 1.8 * once.output_tokens
    assert twice.input_tokens > 2 * once.input_tokens


@pytest.mark.parametrize("second", [Step(refuse="No."), Step(truncated=1), Step(content_filter=1)])
def test_what_a_repair_took_counts_though_it_was_of_no_use(second: Step) -> None:
    with ModelServer([Step(answer=GOOD_NOTE), Step(answer=BLANK_NOTE), second]) as server:
        once, twice = ask(server).usage, ask(server).usage
    assert once is not None
    assert twice is not None
    assert twice.input_tokens > 2 * once.input_tokens


@pytest.mark.parametrize("bug", [AttributeError, TypeError, ValueError])
def test_a_mistake_of_ours_is_not_taken_for_the_models(bug: type[Exception]) -> None:
    class Broken(Heard):
        def piece(self, text: str) -> None:
            raise bug("ours")

    with ModelServer([HELLO]) as server:
        with pytest.raises(bug, match="ours"):
            ask(server, says=Broken())
        assert len(server.requests) == 1


def test_silence_in_the_middle_is_a_stall_and_not_waited_out() -> None:
    with ModelServer([Step(stall=60)]) as server:
        assert failure_of(server, stall_timeout_s=0.3).kind is Kind.TIMEOUT
        assert len(server.requests) == 1


def test_silence_before_the_first_word_is_a_stall_too() -> None:
    with ModelServer([Step(answer={"message": "Late."}, wait=60)]) as server:
        assert failure_of(server, stall_timeout_s=0.3).kind is Kind.TIMEOUT


def test_an_answer_that_goes_on_and_on_meets_the_deadline() -> None:
    endless = Step(answer={"message": "word " * 3_000}, piece=1, delay=0.05)
    heard = Heard()
    with ModelServer([endless]) as server:
        with pytest.raises(CoachFailed) as failed:
            ask(server, says=heard, answer_timeout_s=1.0)
        assert failed.value.kind is Kind.TIMEOUT
    assert heard.shown, "nothing was told before the deadline"


def test_a_rate_limit_is_waited_for_as_long_as_the_server_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for pause in ("FIRST_PAUSE_S", "LONGEST_PAUSE_S"):  # one of our own would be beyond the deadline
        monkeypatch.setattr(asking, pause, 50.0)
    with ModelServer([Step(rate_limit=0.2), HELLO]) as server:
        assert ask(server, answer_timeout_s=20.0).response.message == "Hello. How are you?"


def test_a_rate_limit_beyond_the_deadline_is_told_at_once() -> None:
    with ModelServer([Step(rate_limit=500), HELLO]) as server:
        failed = failure_of(server)
        assert len(server.requests) == 1
    assert (failed.kind, failed.retry_after_s) == (Kind.RATE_LIMIT, 500.0)


def test_without_a_key_where_the_server_asks_for_one() -> None:
    with ModelServer([HELLO]) as server:
        assert failure_of(server, api_key="").kind is Kind.NO_KEY


def test_a_wrong_key_is_no_key_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with ModelServer([HELLO]) as server, caplog.at_level(logging.DEBUG):
        assert failure_of(server, api_key="sk-wrong-and-secret").kind is Kind.WRONG_KEY
        assert len(server.requests) == 0
    assert "sk-wrong-and-secret" not in caplog.text
    assert "(wrong_key)" in caplog.text


def test_a_wrong_model() -> None:
    with ModelServer([HELLO]) as server:
        assert failure_of(server, model="gpt-99").kind is Kind.WRONG_MODEL


def test_nobody_listens_there() -> None:
    with ModelServer([]) as server:
        assert failure_of(server, base_url=f"http://127.0.0.1:{free_port()}/v1").kind is Kind.UNAVAILABLE


def test_somebody_else_listens_there() -> None:
    """An answer that is none of this API's is no answer."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = b'data: {"choices": [{"delta": null}]}\n\ndata: <html>\n\n'
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    async def ask_them(**fields: Any) -> None:
        server = await asyncio.start_server(speak, "127.0.0.1", 0)
        address = server.sockets[0].getsockname()
        coach = ModelCoach(settings_of(spare, base_url=f"http://{address[0]}:{address[1]}/v1"))
        try:
            await coach.reply(TURN, Heard())
        finally:
            await coach.aclose()
            server.close()

    with ModelServer([]) as spare, pytest.raises(CoachFailed) as failed:
        asyncio.run(ask_them())
    assert failed.value.kind is Kind.UNAVAILABLE


def test_a_server_that_takes_no_connection_meets_the_connect_timeout() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        waiting = [socket.socket() for _ in range(3)]  # they fill the queue of the socket that never accepts
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        with ModelServer([]) as server:
            failed = failure_of(server, base_url=f"http://127.0.0.1:{port}/v1", connect_timeout_s=0.2)
        for one in waiting:
            one.close()
    assert failed.kind is Kind.UNAVAILABLE


def test_the_model_of_the_row_fits_into_it() -> None:
    long = "/models/" + "x" * 300
    with ModelServer([HELLO], models=[long]) as server:
        assert len(ask(server, model=long).model) == 128
