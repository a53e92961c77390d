"""What LINE sends → what a person did; whatever is none of Divisi's business is None."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from adapters.line import taps
from adapters.line.taps import Tap
from planner.chat import Said

Json = dict[str, Any]
_LONGEST_ID: Final = 100


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A picture, a sticker, a voice: nothing that can be answered but by saying so."""


@dataclass(frozen=True, slots=True)
class Friended:
    """Somebody became a friend of the account, or blocked it."""

    followed: bool


Act = Tap | Unreadable | Friended


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that a person did in the chat with an account."""

    account: str
    """The user id of the official account's bot."""
    user: str
    place: str
    """Where answers go: the person, or a group."""
    event_id: str
    act: Act
    token: str
    """For one reply; empty where there is none."""
    at: datetime
    """When it happened, aware; the same when it is sent again."""
    again: bool = False
    """Whether LINE has sent it before."""
    date: str = ""
    """What the date picker gave, as year-month-day."""

    @property
    def conversation(self) -> str:
        """The conversation's id."""
        return conversation(self.account, self.place)

    @property
    def who(self) -> str:
        """The person, as operators are named. User ids differ between LINE providers."""
        return f"line:{self.user}"

    @property
    def alone(self) -> bool:
        """Whether nobody else is in the chat."""
        return self.place == self.user


def conversation(account: str, place: str) -> str:
    """The id of a conversation with an account."""
    return f"line:{account}:{place}"


def place_of(conversation_id: str) -> tuple[str, str]:
    """The account of a conversation, and where its answers go."""
    _, account, place = conversation_id.split(":", 2)
    return account, place


def read(event: Json, account: str, groups: frozenset[str] = frozenset()) -> Heard | None:
    """An event of a webhook; None for what is not to be acted on.

    That is: what another system handles (standby), rooms and groups that are not listed, and
    types that are not known.
    """
    source = _object(event.get("source"))
    user, event_id = _id(source.get("userId")), _id(event.get("webhookEventId"))
    if event.get("mode", "active") != "active" or not user or not event_id:
        return None
    alone = source.get("type") == "user"
    place = user if alone else _id(source.get("groupId"))
    if not alone and place not in groups:
        return None
    act = _act(event, alone=alone)
    if act is None:
        return None
    params = _object(_object(event.get("postback")).get("params"))
    return Heard(
        account, user, place, event_id, act, str(event.get("replyToken") or ""),
        _moment(event.get("timestamp")),
        _object(event.get("deliveryContext")).get("isRedelivery") is True,
        str(params.get("date") or ""),
    )  # fmt: skip


def _id(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return text if len(text) <= _LONGEST_ID and text.isascii() and text.isalnum() else ""


def _moment(milliseconds: object) -> datetime:
    try:
        return datetime.fromtimestamp(float(str(milliseconds)) / 1_000, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _act(event: Json, *, alone: bool) -> Act | None:
    kind = event.get("type")
    if kind == "message":
        return _message(_object(event.get("message")), alone=alone)
    if kind == "postback":
        return taps.read(str(_object(event.get("postback")).get("data") or ""))
    if kind in ("follow", "unfollow") and alone:
        return Friended(kind == "follow")
    return None


def _message(message: Json, *, alone: bool) -> Act | None:
    if message.get("type") != "text":
        return Unreadable() if alone else None
    text = str(message.get("text") or "")
    return Said(text) if alone else _addressed(text, message)


def _addressed(text: str, message: Json) -> Said | None:
    """In a group only what is said to the bot by name, without the name."""
    mentions = _object(message.get("mention")).get("mentionees")
    own = [each for each in map(_object, mentions or ()) if each.get("isSelf") is True]
    if not own:
        return None
    units = text.encode("utf-16-le", "ignore")
    for start, length in sorted(map(_place, own), reverse=True):
        units = units[: 2 * start] + units[2 * (start + length) :]
    return Said(units.decode("utf-16-le", "ignore").strip())


def _place(mention: Json) -> tuple[int, int]:
    start, length = mention.get("index"), mention.get("length")
    both = isinstance(start, int) and isinstance(length, int) and start >= 0 and length >= 0
    return (start, length) if both else (0, 0)  # type: ignore[return-value]


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}
