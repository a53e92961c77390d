"""Conditions on messages: channels, events, campaigns, and who can be reached."""

from dataclasses import replace

from planner.fields import EVENTS, Op
from planner.plan import AllOf, Condition, Node, Not, Open, Scope
from planner.understand.frames import ENGAGE, Frame
from planner.understand.ground import candidates
from planner.understand.purchases_said import Purchases
from planner.windows import LOOKBACK_DAYS, Ago, Window, bound_date

_REACH = {
    "line": "line",
    "line_broadcast": "line",
    "line_retargeting": "line",
    "email": "email",
    "push": "push",
    "sms": "sms",
    "sms_broadcast": "sms",
    "sms_plus": "sms",
}


def reached_by(said: str) -> str:
    """How people are reached by messages on a channel; empty where they can't be by it."""
    return _REACH.get(said, "")


def usual_channel(said: str) -> str:
    """What messages on LINE or by SMS are where no more is said of them."""
    return {"line": "line_broadcast", "sms": "sms_broadcast"}.get(said, said)


class Messages(Purchases):
    """Makes conditions of message events and reachability."""

    def _engagement(self, frame: Frame) -> Node | None:
        if frame.unused and not frame.negated:
            used = replace(frame, events=["redeem"], negated=True, quantity=None)
            parts = [self._messages(replace(frame, unused=False)), self._messages(used)]
            return AllOf(items=tuple(made for made in parts if made is not None))
        return self._messages(frame)

    def _messages(self, frame: Frame) -> Node | None:
        if frame.conjunction == "and" and len(frame.channels) > 1 and not frame.negated:
            each = [self._messages(replace(frame, channels=[c])) for c in frame.channels]
            if all(isinstance(made, Condition) for made in each):
                return AllOf(items=tuple(made for made in each if made is not None))
        if frame.together and len(frame.values) > 1 and not frame.negated:
            each = [self._messages(replace(frame, values=[value])) for value in frame.values]
            return AllOf(items=tuple(made for made in each if made is not None))
        events = tuple(dict.fromkeys(frame.events)) or ("open", "click")
        channels = self._channels(frame, events)
        scope = self._scope(frame).model_copy(
            update={"channels": channels, "events": self._events(events, channels)}
        )
        numbers = (
            self._numbers(frame.quantity, Op.EQ)
            if frame.quantity
            else {"op": Op.EQ if frame.negated else Op.GE, "number": 0 if frame.negated else 1}
        )
        condition = Condition.model_validate(
            {"field": ENGAGE, "window": self._lookback(frame), "scope": scope, **numbers}
        )
        signed = Not(item=condition) if frame.negated and frame.quantity else condition
        ask = self._what_to_ask(frame, scope)
        if not ask:
            return signed
        slot, reason, found = ask[0]
        then = tuple(later for later, _, _ in ask[1:])
        made = Open.model_validate(
            {
                "slot": slot,
                "phrase": self.phrase(frame),
                "condition": condition,
                "reason": reason,
                "candidates": found,
                "then": then,
            }
        )
        return Not(item=made) if frame.negated and frame.quantity else made

    def _what_to_ask(self, frame: Frame, scope: Scope) -> list[tuple[str, str, tuple[str, ...]]]:
        """Slot, reason and candidates of what is open, in the order to ask it."""
        asks: list[tuple[str, str, tuple[str, ...]]] = []
        if frame.span is not None and self._too_long(frame.span.window):
            asks.append((f"{ENGAGE}.window", "lookback", ()))
        named = bool(scope.campaigns)
        if frame.topics and not named:
            phrase, topics = self.phrase(frame), set(frame.topic_names)
            named = True  # what fits none is asked about as well: the words must not be lost
            found = candidates(phrase, "campaign", self.catalogue, topics)
            asks.append(("campaign.choice", "near", found))
        if frame.campaign and frame.recent and frame.latest and not named:
            known = self._recent_campaigns(frame, scope)
            return [*asks, ("campaign.choice", "vague", known)]
        if not scope.channels and not named and not frame.anyhow:
            asks.append((f"{ENGAGE}.channel", "vague", ()))
        if scope.channels and not scope.events:  # "opened our SMS"
            asks.append((f"{ENGAGE}.event", "vague", ()))
        if frame.recent and frame.span is None and not named:
            asks.append((f"{ENGAGE}.window", "vague", ()))
        return asks

    def _recent_campaigns(self, frame: Frame, scope: Scope) -> tuple[str, ...]:
        known = sorted(
            self.catalogue.values.get("campaign", ()), key=lambda v: v.latest, reverse=True
        )
        return tuple(value.name for value in known)

    def _channels(self, frame: Frame, events: tuple[str, ...]) -> tuple[str, ...]:
        plus = bool({"delivered", "failed"} & set(events))
        found = ["sms_plus" if plus and c == "sms" else usual_channel(c) for c in frame.channels]
        return tuple(dict.fromkeys(channel for channel in found if channel in EVENTS))

    @staticmethod
    def _events(events: tuple[str, ...], channels: tuple[str, ...]) -> tuple[str, ...]:
        """The reactions that there are on these channels; a coupon that is tapped is claimed."""
        if channels == ("coupon",):
            events = tuple("claim" if event == "click" else event for event in events)
        possible = {event for channel in channels for event in EVENTS[channel]}
        return tuple(e for e in events if not possible or e in possible)

    def _too_long(self, window: Window) -> bool:
        start = window.start
        if isinstance(start, Ago) and (start.ago, start.unit) == (3, "month"):
            return False
        if start is None:
            return True
        return (self.today - bound_date(start, self.today)).days > LOOKBACK_DAYS

    def _lookback(self, frame: Frame) -> Window | None:
        """The window; three months means the full 90 days, and a longer one is asked about."""
        if frame.span is None or self._too_long(frame.span.window):
            return None
        start = frame.span.window.start
        if isinstance(start, Ago) and (start.ago, start.unit) == (3, "month"):
            return Window(start=Ago(ago=LOOKBACK_DAYS), end=frame.span.window.end)
        return frame.span.window

    def _reach(self, frame: Frame) -> Node | None:
        channels = tuple(dict.fromkeys(_REACH[c] for c in frame.channels if c in _REACH))
        # «SMSもメールも送れない» is neither
        every = frame.conjunction == "and" and len(channels) > 1 and not frame.negated
        condition = Condition(
            field="reachable", op=Op.ALL_OF if every else Op.ANY_OF, texts=channels or ("line",)
        )
        if frame.only:
            others = tuple(c for c in dict.fromkeys(_REACH.values()) if c not in condition.texts)
            other = Condition(field="reachable", op=Op.ANY_OF, texts=others)
            return AllOf(items=(condition, Not(item=other)))
        return self._signed(frame, condition)
