"""A turn that goes well: what is sent, what is told while it is written, what is accepted."""

import asyncio
import json
from decimal import Decimal

import pytest

from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.services.action_handler.utils.dynamic_schema import phase_response_model, strict_schema
from server.services.coach.model_coach.coach import ModelCoach
from server.services.prompt_manager.assembly import assemble
from server.services.prompt_manager.phases import allowed_actions
from server.settings.model import prices_of
from server.testing.model_server.running import ModelServer
from server.testing.model_server.script import Script, Step
from tests.model_coach.asking import HELLO, MODEL, TURN, Heard, ask, in_phase, settings_of

TEA = {"add_user_note": {"params": {"note": "Tea, no milk"}}}


def test_a_complete_answer_is_the_reply_with_its_actions() -> None:
    with ModelServer([Step(answer={"message": "Noted.", **TEA})]) as server:
        reply = ask(server)
    (action,) = reply.response.actions()
    assert reply.response.message == "Noted."
    assert (action.action_type, action.params.model_dump()) == (
        ActionType.ADD_USER_NOTE,
        {"note": "Tea, no milk"},
    )
    assert (reply.model, reply.prompt_version, reply.left_out) == (MODEL, assemble(TURN).version, ())


@pytest.mark.parametrize("phase", CoachingPhase)
def test_the_model_is_asked_for_what_the_phase_allows_and_nothing_else(phase: CoachingPhase) -> None:
    with ModelServer([HELLO]) as server:
        ask(server, in_phase(phase))
        (received,) = server.requests
    assert received.body == {
        "model": MODEL,
        "messages": [
            {"role": one.role, "content": one.content} for one in assemble(in_phase(phase)).messages
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {
                "name": "coach_response",
                "strict": True,
                "schema": strict_schema(phase_response_model(allowed_actions(phase))),
            },
        },
        "stream": True,
        "stream_options": {"include_usage": True},
        "safety_identifier": "someone",
    }


def test_what_is_set_is_sent() -> None:
    with ModelServer([HELLO]) as server:
        ask(server, temperature=0.0, reasoning_effort="low", max_output_tokens=900, names_users=False)
        body = server.requests[0].body
    assert (body["temperature"], body["reasoning_effort"], body["max_completion_tokens"]) == (0.0, "low", 900)
    assert "safety_identifier" not in body


def test_the_message_is_told_while_it_is_written() -> None:
    """The first piece is told while the answer is under way."""
    message = "One 😀 “two”\n" + "three " * 20
    outcomes: list[str | None] = []

    class Hears(Heard):
        def piece(self, text: str) -> None:
            super().piece(text)
            outcomes.append(server.requests[0].outcome)

    heard = Hears()
    script = Script.of(Step(answer={"message": message, **TEA}, delay=0.001), piece=3)
    with ModelServer(script) as server:
        ask(server, says=heard)
    assert heard.shown == message
    assert heard.agains == 0
    assert len(heard.pieces) > 20
    assert outcomes[0] is None, "the first piece was told when the answer had ended"


@pytest.mark.parametrize("piece", [1, 2, 5, 7, 1_000])
@pytest.mark.parametrize("is_escaped", [True, False])
def test_half_a_character_is_never_told(piece: int, *, is_escaped: bool) -> None:
    message = 'Grüße 😀😀, "quoted" \\ and\nnew\tline {"message": "no"} €'
    raw = json.dumps({"message": message, "transition_phase": None}, ensure_ascii=is_escaped)
    heard = Heard()
    with ModelServer([Step(raw=raw, piece=piece)]) as server:
        ask(server, says=heard)
    assert heard.shown == message
    assert all(part.encode() for part in heard.pieces)


def test_the_message_may_stand_anywhere_in_the_answer() -> None:
    heard = Heard()
    raw = json.dumps({**TEA, "message": "After the action."})
    with ModelServer([Step(raw=raw, piece=4)]) as server:
        assert ask(server, says=heard).response.actions()
    assert heard.agains == 0


def test_tokens_and_their_price_come_with_the_reply() -> None:
    price = prices_of(f"other=9/9/9, {MODEL}=1/0.05/5")[MODEL]
    with ModelServer([HELLO, HELLO]) as server:
        used = ask(server, price=price).usage
        unpriced = ask(server).usage
    assert used is not None
    assert unpriced is not None
    assert used.input_tokens > 100
    assert used.output_tokens > 5
    assert used.cached_input_tokens == 0
    assert used.cost_usd == (used.input_tokens * 1 + used.output_tokens * 5) / Decimal(1_000_000)
    assert unpriced.cost_usd is None


def test_cached_tokens_cost_less() -> None:
    used = prices_of("m=1/0.05/5")["m"].of(
        input_tokens=3_000_000, cached_input_tokens=2_000_000, output_tokens=100_000
    )
    assert used == Decimal("1.6")


def test_turns_at_once_share_the_client_and_not_their_answers() -> None:
    async def all_at_once() -> list[str]:
        coach = ModelCoach(settings_of(server))
        replies = await asyncio.gather(*(coach.reply(TURN, Heard()) for _ in range(30)))
        await coach.aclose()
        return [reply.response.message for reply in replies]

    with ModelServer([Step(answer={"message": f"Number {n}."}, delay=0.01) for n in range(30)]) as server:
        messages = asyncio.run(all_at_once())
    assert sorted(messages) == sorted(f"Number {n}." for n in range(30))


def test_a_coach_goes_on_in_another_event_loop_and_after_it_was_closed() -> None:
    with ModelServer([HELLO, HELLO, HELLO]) as server:
        coach = ModelCoach(settings_of(server))
        for _ in range(2):
            asyncio.run(coach.reply(TURN, Heard()))

        async def closed_between() -> None:
            await coach.aclose()
            await coach.reply(TURN, Heard())
            await coach.aclose()

        asyncio.run(closed_between())
        assert len(server.requests) == 3
