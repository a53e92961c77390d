"""Events as they lie in the inbox: what happened, who did it, in which language they read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from planner.chat import Began, Built, Chose, Event, Named, Said, Settled
from planner.errors import Misconfigured

_KINDS: Final[dict[str, type[Event]]] = {
    "began": Began,
    "said": Said,
    "chose": Chose,
    "built": Built,
    "named": Named,
    "settled": Settled,
}
LONGEST_TEXT: Final = 20_000
"""Characters of a text that are kept; the dialog takes far fewer and says so."""
_NAMES = {event: kind for kind, event in _KINDS.items()}


@dataclass(frozen=True, slots=True)
class Message:
    """An event of a conversation, with what the messenger says of the person."""

    event: Event
    who: str = ""
    """The operator's id at the messenger; empty for the worker's news."""
    locale: str = ""
    """The language that the messenger reports, e.g. "zh-TW"."""
    granted: str = ""
    """The role that the channel's configuration gives to whoever has none of their own."""
    echo: Mapping[str, str] = field(default_factory=dict)
    """What the channel wants back with the answer, such as a reply token."""


def write_letter(message: Message) -> dict[str, Any]:
    """The message as JSON for the inbox."""
    event = message.event
    values = {name: _clean(getattr(event, name)) for name in event.__dataclass_fields__}
    return {
        "kind": _NAMES[type(event)],
        "event": values,
        "who": message.who,
        "locale": message.locale,
        "granted": message.granted,
        "echo": dict(message.echo),
    }


def _clean(value: Any) -> Any:
    """Text that every database can keep: no halves of characters, no NUL, and an end."""
    if isinstance(value, tuple):
        return tuple(_clean(item) for item in value)
    if not isinstance(value, str):
        return value
    return value[:LONGEST_TEXT].encode("utf-8", "replace").decode().replace("\0", "")


def read_letter(body: dict[str, Any]) -> Message:
    """The message of an inbox row.

    Raises:
        Misconfigured: a row of a newer version of Divisi.
    """
    try:
        values = dict(body["event"])
        for name in ("ids", "exclude"):
            if name in values:
                values[name] = tuple(values[name])
        event = _KINDS[body["kind"]](**values)
        return Message(
            event, body.get("who", ""), body.get("locale", ""), body.get("granted", ""),
            body.get("echo", {}),
        )  # fmt: skip
    except (KeyError, TypeError) as error:
        raise Misconfigured("An event in the inbox is of another version of Divisi.") from error
