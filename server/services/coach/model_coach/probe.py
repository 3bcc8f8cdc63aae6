"""Whether the model's server would answer, without asking the model anything."""

import asyncio
from enum import Enum

from openai import NotFoundError, OpenAIError

from server.enums.coach_failure_kind import CoachFailureKind
from server.services.coach.model_coach.client import ModelClient
from server.services.coach.model_coach.fault import fault_of
from server.settings.model import ModelSettings

PROBE_S = 5.0


class Probed(Enum):
    """What became of asking for the list of models."""

    LISTED = "the model is in the server's list"
    NOT_LISTED = "the server does not list this model"
    NO_LIST = "the server lists no models"
    WRONG_KEY = "the server does not take the key"
    AWAY = "the server cannot be asked"


async def probe(settings: ModelSettings) -> Probed:
    """Ask for the list of models, for `PROBE_S` at most."""
    client = ModelClient(settings)
    try:
        async with asyncio.timeout(PROBE_S):
            listed = {model.id async for model in client.here().models.list()}
    except NotFoundError:
        return Probed.NO_LIST
    except (
        AttributeError,
        TypeError,
        ValueError,
    ):  # what came is none of this API's; the client does not look
        return Probed.NO_LIST
    except TimeoutError:
        return Probed.AWAY
    except OpenAIError as error:
        kind = fault_of(error, has_key=bool(settings.api_key)).kind
        refused = {CoachFailureKind.WRONG_KEY, CoachFailureKind.NO_KEY}
        return Probed.WRONG_KEY if kind in refused else Probed.AWAY
    finally:
        await client.aclose()
    if not listed:
        return Probed.NO_LIST
    return Probed.LISTED if settings.model in listed else Probed.NOT_LISTED
