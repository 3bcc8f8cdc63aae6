"""What a prompt says, read back: our words apart from the data in them."""

import json
import re
from typing import Any, NamedTuple

from server.services.prompt_manager.prompt import Prompt, PromptMessage

MARKED = re.compile(r"\A(?P<words>[^<>]*)\n\n<(?P<mark>\w+)>\n(?P<data>.*)\n</(?P=mark)>\Z", re.DOTALL)


class Told(NamedTuple):
    """A system message with data: our words before it, its mark, the data as it stands there, and what it says."""

    words: str
    mark: str
    data: str
    value: Any


def told(message: PromptMessage) -> Told:
    """The one block of data of a system message."""
    found = MARKED.match(message.content)
    assert message.role == "system"
    assert found, message.content
    return Told(found["words"], found["mark"], found["data"], json.loads(found["data"]))


def known(prompt: Prompt) -> Any:
    """What the prompt tells of the user."""
    return told(prompt.messages[1]).value


def outcomes(prompt: Prompt) -> list[Any]:
    """What the prompt tells of actions, message by message."""
    return [told(message).value for message in prompt.messages[3:] if message.role == "system"]


def roles(prompt: Prompt) -> str:
    """The roles of the conversation, by their first letters."""
    return "".join(message.role[0] for message in prompt.messages[3:])


def said(prompt: Prompt, role: str) -> list[str]:
    return [message.content for message in prompt.messages if message.role == role]
