"""What Slack sends → what somebody did. Values in, values out.

A direct message belongs to its person (slack:T1:U2:dm), wherever in it they write; a conversation
in a channel belongs to its thread (slack:T1:C3:1700000000.0001).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.slack.permit import Person
from planner.chat import Began, Chose, Event, Said

Body = Mapping[str, Any]

_TAP_SECONDS: Final = 10
"""Taps of the same button within so many seconds are one."""
_WRITTEN: Final = (None, "file_share", "thread_broadcast")
"""Subtypes of messages that a person has just written; others tell of edits, joins and bots."""
_LONGEST_SAID: Final = 150


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that somebody did."""

    person: Person
    conversation: str
    event_id: str
    event: Event
    addressed: bool = True
    """Whether it is meant for the bot for certain; else only in a thread that it is part of."""
    echo: Mapping[str, str] = field(default_factory=dict)
    """channel, thread (where to answer); said (what answers the open question); quote; tapped."""


def direct(person: Person) -> str:
    """The conversation in somebody's direct messages."""
    return f"slack:{person.team}:{person.user}:dm"


def threaded(team: str, channel: str, ts: str) -> str:
    """The conversation in a channel's thread."""
    return f"slack:{team}:{channel}:{ts}"


def is_direct(channel: str) -> bool:
    """Whether a channel is somebody's direct messages with the bot."""
    return channel.startswith("D")


def team_of(body: Body) -> str:
    """The workspace whose installation is meant."""
    own = (body.get("authorizations") or [{}])[0].get("team_id")
    team = body.get("team")
    named = team.get("id") if isinstance(team, dict) else team
    return str(own or body.get("team_id") or named or "")


# ── messages ─────────────────────────────────────────────────────────────────────────────────────


def message(body: Body, bot_user: str) -> Heard | None:
    """A message or mention; None where nobody wrote it just now, or not to the bot."""
    event, team = body["event"], team_of(body)
    user, channel, ts = event.get("user"), event.get("channel", ""), event.get("ts", "")
    if not user or event.get("bot_id") or event.get("subtype") not in _WRITTEN:
        return None
    person = Person(team, user, _home(event, body))
    text = str(event.get("text") or "")
    mentioned = bool(bot_user) and f"<@{bot_user}>" in text
    thread = str(event.get("thread_ts") or "")
    said = readable(text, bot_user)
    event_id = f"message:{channel}:{ts}"
    echo = {"channel": channel, "said": said[:_LONGEST_SAID]}
    if is_direct(channel):
        own = {"thread": thread} if thread else {}
        return Heard(person, direct(person), event_id, Said(said), True, echo | own)
    if event.get("type") != "app_mention" and not mentioned and not _to_anybody(text, thread):
        return None
    addressed = mentioned or event.get("type") == "app_mention"
    conversation = threaded(team, channel, thread or ts)
    event_said = Said(said) if thread else _said(said)  # a call alone begins, but nothing anew
    return Heard(person, conversation, event_id, event_said, addressed, echo)


def _home(event: Body, body: Body) -> str:
    home = str(event.get("user_team") or event.get("source_team") or "")
    return "" if home == body.get("enterprise_id") else home


def _to_anybody(text: str, thread: str) -> bool:
    """Whether a message in a thread is said to all there, not to somebody in particular."""
    return bool(thread) and not re.match(r"\s*<@\w+>", text)


def _said(text: str) -> Event:
    return Said(text) if text else Began()


_LINK: Final = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def readable(text: str, bot_user: str = "") -> str:
    """A message as it was typed: no mention of the bot, links by their words."""

    def shown(match: re.Match[str]) -> str:
        target, label = match.group(1), match.group(2)
        if target == f"@{bot_user}":
            return ""
        sign = target[:1] if target[:1] in ("@", "#") and label else ""
        return f"{sign}{label}" if label else target.removeprefix("mailto:").removeprefix("!")

    plain = _LINK.sub(shown, text)
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        plain = plain.replace(entity, sign)
    return plain.strip()


def command(body: Body) -> Heard:
    """`/segment …`: answered in the person's direct messages, wherever it is typed."""
    person = Person(team_of(body), str(body["user_id"]))
    text = str(body.get("text") or "").strip()
    echo = {"quote": text[:_LONGEST_SAID], "said": text[:_LONGEST_SAID]}
    return Heard(
        person, direct(person), f"command:{body['trigger_id']}", _said(text), True, _held(echo)
    )


def shortcut(body: Body) -> Heard:
    """The shortcut on somebody's message: its text is the request, answered in direct messages."""
    person = person_of(body)
    text = readable(str(body["message"].get("text") or ""))
    echo = {"quote": text[:_LONGEST_SAID]}
    event_id = f"shortcut:{body.get('action_ts') or body['trigger_id']}:{person.user}"
    return Heard(person, direct(person), event_id, _said(text), True, _held(echo))


def stopped(body: Body) -> Heard | None:
    """The person stopped what the bot is doing: the segment is not computed."""
    event = body["event"]
    user = event.get("user") or event.get("user_id") or event.get("stopped_by")
    channel = str(event.get("channel") or event.get("channel_id") or "")
    if not user:
        return None
    person = Person(team_of(body), str(user), _home(event, body))
    thread = str(event.get("thread_ts") or "")
    own = is_direct(channel) or not thread
    conversation = direct(person) if own else threaded(person.team, channel, thread)
    event_id = f"stopped:{body.get('event_id', '')}"
    return Heard(person, conversation, event_id, Chose(("cancel",)), True, {"channel": channel})


# ── taps ─────────────────────────────────────────────────────────────────────────────────────────


def tapped(body: Body) -> Heard | None:
    """A button or menu below a message or on the home page; None where it only changes a form."""
    action = body["actions"][0]
    kind = str(action.get("action_id", "")).partition(":")[0]
    event, said = _meant(kind, action, body)
    if event is None:
        return None
    person = person_of(body)
    channel, thread, ts = place_of(body)
    moment = int(float(action.get("action_ts") or 0)) // _TAP_SECONDS
    event_id = f"tap:{channel or person.user}:{ts}:{_value(action)}:{moment}"
    if isinstance(event, Chose) and kind == "done":
        event_id += ":" + ",".join(event.ids)
    echo = {"channel": channel, "said": said, "tapped": ts}
    if kind == "say":
        echo["quote"] = _value(action)[:_LONGEST_SAID]
    if thread and is_direct(channel):
        echo["thread"] = thread
    return Heard(person, conversation_of(body), event_id, event, True, _held(echo))


def _meant(kind: str, action: Body, body: Body) -> tuple[Event | None, str]:
    """What a tap means, and in which words it was offered."""
    value, label = _value(action), _label(action)
    if kind == "begin":
        return Began(), ""
    if kind == "say":
        return Said(value), value[:_LONGEST_SAID]
    if kind == "do":
        return Chose((value,)), ""
    version, _, key = value.partition("|")
    if kind == "choose" and version.isdecimal():
        return Chose((key,), int(version)), label
    if kind == "done" and version.isdecimal():
        picked = several(body)
        if picked:
            ids = tuple(_value(each).partition("|")[2] for each in picked)
            return Chose(ids, int(version)), " · ".join(_label(each) for each in picked)
    return None, ""


def several(body: Body) -> Sequence[Body]:
    """What is chosen in the menu of several that stands above a button."""
    values = (body.get("state") or {}).get("values") or {}
    for own in values.values():
        if "several" in own:
            return list(own["several"].get("selected_options") or ())
    return ()


def _value(action: Body) -> str:
    chosen = action.get("selected_option") or action
    return str(chosen.get("value") or "")


def _label(action: Body) -> str:
    text = (action.get("selected_option") or action).get("text") or {}
    return str(text.get("text") or "")


def person_of(body: Body) -> Person:
    """Who tapped or submitted something."""
    user, team = body["user"], team_of(body)
    home = str(user.get("team_id") or "")
    enterprise = (body.get("enterprise") or {}).get("id")
    return Person(team, str(user["id"]), "" if home == enterprise else home)


def place_of(body: Body) -> tuple[str, str, str]:
    """The channel, thread and time of the message that was tapped; empty on the home page."""
    container, shown = body.get("container") or {}, body.get("message") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id") or ""
    ts = shown.get("ts") or container.get("message_ts") or ""
    thread = shown.get("thread_ts") or container.get("thread_ts") or ""
    return str(channel), str(thread), str(ts)


def conversation_of(body: Body) -> str:
    """The conversation that a tapped message belongs to; the person's own on the home page."""
    person = person_of(body)
    channel, thread, ts = place_of(body)
    if not channel or is_direct(channel):
        return direct(person)
    return threaded(person.team, channel, thread or ts)


def _held(echo: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in echo.items() if value}
