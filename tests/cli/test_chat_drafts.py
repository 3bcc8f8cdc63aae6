"""What `coach chat` tells the user's open pages while the coach writes."""

from django.conf import settings
from redis import Redis
from redis.client import PubSub

from server.apps.users.models import User
from server.services.event_stream.drafts import CHANNEL, Piece
from server.testing.model_server.running import ModelServer
from server.testing.model_server.script import Step
from tests.cli.terminal import Terminal
from tests.processes import wait_until

MESSAGE = "You said that the roses bloom at night. " * 3
TURNS = 5


def test_the_pages_are_told_of_the_whole_message_and_its_end_while_the_user_thinks(user: User) -> None:
    step = Step(answer={"message": MESSAGE}, piece=30)
    with (
        ModelServer([step] * TURNS) as server,
        Redis.from_url(settings.REDIS_URL) as redis,
        redis.pubsub() as channel,
    ):
        channel.subscribe(CHANNEL)
        asking = {
            "COACH_PROVIDER": "openai",
            "OPENAI_API_KEY": server.key,
            "OPENAI_BASE_URL": server.base_url,
        }
        with Terminal("chat", "--email", user.email, environment=asking) as terminal:
            for turn in range(1, TURNS + 1):
                terminal.until("you: ", times=turn)
                terminal.type("The roses bloom.\n")
                pieces = until_over(channel, user)
                assert "".join(piece.text for piece in pieces) == MESSAGE


def until_over(channel: PubSub, user: User) -> list[Piece]:
    """What is told of the user's next draft, to its end."""
    pieces: list[Piece] = []

    def is_over() -> bool:
        while message := channel.get_message(timeout=0.0):
            if message["type"] == "message":
                piece = Piece.model_validate_json(message["data"])
                pieces.extend([piece] if piece.user_id == user.id else [])
        return bool(pieces) and pieces[-1].is_over

    wait_until(is_over, "the draft is over")
    return pieces
