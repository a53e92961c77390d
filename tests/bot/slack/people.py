"""People at the fake Slack: they write, tap and fill in forms, and look at what comes of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.adapters.slack.fake import BOT, FakeSlack

Json = dict[str, Any]


@dataclass
class Person:
    """Somebody in a workspace, in their direct messages unless a channel is named."""

    slack: FakeSlack
    user: str
    team: str = "T1"
    home: str = ""
    last: dict[str, Json] = field(default_factory=dict)

    @property
    def dm(self) -> str:
        return f"D{self.user[1:]}"

    @property
    def room(self) -> str:
        """A channel in which only this person has begun to write."""
        return f"C{self.user[1:]}"

    # ── doing ────────────────────────────────────────────────────────────────────────────────────

    def event(self, event: Json, *, retry: int = 0, event_id: str = "") -> Json:
        payload = {
            "type": "event_callback",
            "team_id": self.team,
            "event_id": event_id or f"Ev{self.slack.new_ts()}",
            "event": event,
            "authorizations": [{"team_id": self.team, "user_id": BOT, "is_bot": True}],
        }
        return self.slack.deliver("events_api", payload, retry=retry)

    def message(self, text: str, channel: str = "", thread: str = "", **more: Any) -> Json:
        channel = channel or self.dm
        made = {
            "type": "message",
            "user": self.user,
            "text": text,
            "channel": channel,
            "channel_type": "im" if channel[0] == "D" else "channel",
            "ts": self.slack.new_ts(),
            "user_team": self.home or self.team,
        }
        return made | ({"thread_ts": thread} if thread else {}) | more

    def says(self, text: str, channel: str = "", thread: str = "", **more: Any) -> str:
        """Writes something; when, which is its id."""
        made = self.message(text, channel, thread, **more)
        self.slack.heard[self.user] = time.time()
        self.event(made)
        return str(made["ts"])

    def taps(self, shown: Json, label: str, **more: Any) -> Json:
        """Taps the button or choice of a message whose words begin so."""
        block, element, chosen = found(shown["blocks"], label)
        action = {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": block.get("block_id", "b"),
            "action_ts": f"{time.time():.6f}",
        }
        action |= (
            {"selected_option": chosen}
            if chosen
            else {"value": element["value"], "text": element["text"]}
        )
        return self.acts(shown, action | more)

    def acts(self, shown: Json, action: Json, state: Json | None = None) -> Json:
        channel = shown.get("channel", self.dm)
        payload = {
            "type": "block_actions",
            "user": {"id": self.user, "team_id": self.home or self.team},
            "team": {"id": self.team},
            "trigger_id": self.slack.trigger(),
            "channel": {"id": channel},
            "message": shown,
            "container": {"type": "message", "message_ts": shown["ts"], "channel_id": channel},
            "actions": [action],
            "state": {"values": state or {}},
            "api_app_id": "A1",
        }
        return self.slack.deliver("interactive", payload)

    def picks(self, shown: Json, *labels: str) -> Json:
        """Chooses several in a menu and taps its button."""
        options = [found(shown["blocks"], label)[2] for label in labels]
        state = {
            "several": {"several": {"type": "multi_static_select", "selected_options": options}}
        }
        done = next(
            e
            for b in shown["blocks"]
            if b["type"] == "actions"
            for e in b["elements"]
            if e["action_id"] == "done"
        )
        action = {
            "type": "button",
            "action_id": "done",
            "block_id": "done",
            "value": done["value"],
            "text": done["text"],
            "action_ts": f"{time.time():.6f}",
        }
        return self.acts(shown, action, state)

    def command(self, text: str, channel: str = "C1") -> Json:
        payload = {
            "command": "/segment",
            "text": text,
            "user_id": self.user,
            "team_id": self.team,
            "channel_id": channel,
            "trigger_id": self.slack.trigger(),
            "api_app_id": "A1",
        }
        return self.slack.deliver("slash_commands", payload)

    def shortcut(self, text: str) -> Json:
        payload = {
            "type": "message_action",
            "callback_id": "make_segment",
            "message": {"text": text, "ts": self.slack.new_ts()},
            "user": {"id": self.user},
            "team": {"id": self.team},
            "channel": {"id": "C1"},
            "trigger_id": self.slack.trigger(),
            "action_ts": f"{time.time():.6f}",
        }
        return self.slack.deliver("interactive", payload)

    def opens_home(self, tab: str = "home") -> Json:
        return self.event(
            {"type": "app_home_opened", "user": self.user, "tab": tab, "channel": self.dm}
        )

    def submits(self, view: Json, **values: Any) -> Json:
        """Fills a form in and sends it; what the app answered."""
        payload = {
            "type": "view_submission",
            "user": {"id": self.user},
            "team": {"id": self.team},
            "view": filled(view, values),
            "trigger_id": self.slack.trigger(),
        }
        told = self.slack.deliver("interactive", payload)
        if told.get("response_action") == "update":
            self.slack.show_view(view["id"], told["view"])
        elif told.get("response_action") != "errors":
            del self.slack.views[view["id"]]
        return told

    def acts_in(self, view: Json, label: str, **values: Any) -> Json:
        """Taps something in a form, or chooses an entry that begins so."""
        block, element, chosen = found(view["blocks"], label)
        action = {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "action_ts": f"{time.time():.6f}",
        }
        action |= {"selected_option": chosen} if chosen else {"value": element["value"]}
        if block["type"] == "input":
            values[block["block_id"]] = chosen["value"] if chosen else None
        payload = {
            "type": "block_actions",
            "user": {"id": self.user},
            "team": {"id": self.team},
            "view": filled(view, values),
            "trigger_id": self.slack.trigger(),
            "container": {"type": "view", "view_id": view["id"]},
            "actions": [action],
        }
        return self.slack.deliver("interactive", payload)

    # ── seeing ───────────────────────────────────────────────────────────────────────────────────

    def messages(self, channel: str = "") -> list[Json]:
        return self.slack.messages.get(channel or self.dm, [])

    def sees(self, words: str, channel: str = "", seconds: float = 20) -> Json:
        """Waits for a message that has these words in what it shows."""
        return dict(
            self.slack.until(
                lambda: next(
                    (m for m in reversed(self.messages(channel)) if words in shown_text(m)), None
                ),
                seconds,
            )
        )

    def asked(self, channel: str = "") -> Json:
        """Waits for a message that has something to answer."""
        return self.sees_with(
            lambda m: any(
                e["action_id"].startswith(("choose:", "done")) for e in elements(m["blocks"])
            ),
            channel,
        )

    def plan(self, channel: str = "") -> Json:
        """Waits for the plan with its buttons."""
        return self.sees_with(
            lambda m: any(e["action_id"] == "apply" for e in elements(m["blocks"])), channel
        )

    def sees_with(self, fits: Callable[[Json], bool], channel: str = "") -> Json:
        return dict(
            self.slack.until(
                lambda: next((m for m in reversed(self.messages(channel)) if fits(m)), None)
            )
        )

    def view(self, callback: str, fits: Callable[[Json], bool] = lambda _: True) -> Json:
        """Waits for a form of one's own."""
        mine = (self.user, self.room)
        return dict(
            self.slack.until(
                lambda: next(
                    (
                        v
                        for v in reversed([*self.slack.views.values()])
                        if v.get("callback_id") == callback
                        and any(f":{own}:" in v["private_metadata"] for own in mine)
                        and fits(v)
                    ),
                    None,
                )
            )
        )

    def gets_to_plan(self, request: str, channel: str = "", thread: str = "") -> Json:
        """Asks for something, answers every question by its first choice, and gets the plan."""
        self.says(request, channel, thread)
        return self.answers(channel)

    def answers(self, channel: str = "") -> Json:
        answered: set[str] = set()
        for _ in range(8):
            shown = self.sees_with(
                lambda m: (
                    m["ts"] not in answered
                    and any(
                        e["action_id"].startswith("choose:") or e["action_id"] in ("apply", "done")
                        for e in elements(m["blocks"])
                    )
                ),
                channel,
            )
            first = elements(shown["blocks"])[0]
            if any(e["action_id"] == "apply" for e in elements(shown["blocks"])):
                return shown
            answered.add(shown["ts"])
            if first["action_id"] == "several":
                self.picks(shown, first["options"][0]["text"]["text"])
            else:
                no = next(
                    (e for e in elements(shown["blocks"]) if e.get("value", "").endswith("|no")),
                    first,
                )
                self.taps(shown, no["text"]["text"])
        raise AssertionError("asked for ever")


def elements(blocks: list[Json]) -> list[Json]:
    found: list[Json] = []
    for block in blocks:
        found += block["elements"] if block["type"] == "actions" else []
        found += [block[part] for part in ("accessory", "element") if part in block]
    return found


def found(blocks: list[Json], label: str) -> tuple[Json, Json, Json | None]:
    """The block, the element and, in a menu, the option whose words begin so."""
    for block in blocks:
        for element in elements([block]):
            groups = element.get("option_groups") or [{"options": element.get("options", [])}]
            for option in (o for group in groups for o in group["options"]):
                if option["text"]["text"].startswith(label):
                    return block, element, option
            if element["type"] == "button" and element["text"]["text"].startswith(label):
                return block, element, None
    raise AssertionError(f"no {label!r} among {[e.get('text') for e in elements(blocks)]}")


def filled(view: Json, values: Json) -> Json:
    """A form as Slack sends it: what it began with, and what was filled in since."""
    state: Json = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            state[block["block_id"]] = {
                "value": _state(block["element"], values.get(block["block_id"], _NOTHING))
            }
    return {**view, "state": {"values": state}}


_NOTHING = object()


def _state(element: Json, value: Any) -> Json:
    kind = element["type"]
    given = value is not _NOTHING
    if kind == "plain_text_input":
        return {"type": kind, "value": value if given else element.get("initial_value")}
    if kind == "datepicker":
        return {"type": kind, "selected_date": value if given else element.get("initial_date")}
    if kind == "checkboxes":
        chosen = [element["options"][0]] if value is True else element.get("initial_options", [])
        return {"type": kind, "selected_options": chosen}
    if kind.startswith("multi_"):
        chosen = [{"value": each} for each in value] if given else element.get("initial_options")
        return {"type": kind, "selected_options": chosen or []}
    chosen = {"value": value} if given and value else element.get("initial_option")
    return {"type": kind, "selected_option": chosen}


def shown_text(message: Json) -> str:
    """All that a message shows in words."""
    texts = [message.get("text", "")]
    for block in message.get("blocks") or []:
        texts += [part.get("text", "") for part in (block.get("text") or {},) if part]
        texts += [
            each.get("text", "")
            for each in block.get("elements", [])
            if isinstance(each.get("text"), str)
        ]
    return "\n".join(texts)
