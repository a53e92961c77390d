"""What is said once for several acts: a time, a channel, what was bought."""

import itertools
import re
from dataclasses import replace

from planner.fields import EVENTS, Op
from planner.understand.alternatives import turns
from planner.understand.called import Called
from planner.understand.frames import ENGAGE, Frame, share_campaign
from planner.understand.messages_said import usual_channel
from planner.understand.spans import Quantity

_NEVER = re.compile(r"\bnever\b|เคย|從|過|一度も")
"""Of all time: a time said of something else is not shared."""


def _are_disjoint(left: Quantity, right: Quantity) -> bool:
    return (left.upper or 0) < right.number or (right.upper or 0) < left.number


def _that_have(events: list[str], channels: list[str]) -> list[str]:
    """The channels on which there are such reactions: an SMS that arrived, and was not clicked."""
    usual = {"line": "line_broadcast", "sms": "sms_broadcast"}
    return [c for c in channels if set(events) & set(EVENTS.get(usual.get(c, c), ()))] or channels


_WHO = ("who", "and who", "but who")
"""Words that begin a clause of its own: "buyers of Coffee who haven't ordered in May"."""
_SURELY_MONEY = 100
"""A bare number from which on it is no count."""
_ACTS = ("buy", "order_count", "return_count", "add_to_cart_count")
"""Heads of what somebody did, or did not do."""


def _are_alike(left: Frame, right: Frame) -> bool:
    """Whether what is not so of the first may not be so of the second: not A or B, of one kind."""
    kinds = [frame.values[-1][0] for frame in (left, right) if frame.head == "value"]
    return left.head == right.head and len(set(kinds)) < 2


_CHINESE = re.compile("[\u4e00-\u9fff]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")


def _has_its_own_verb(left: Frame, right: Frame, form: str) -> bool:
    """«6月沒下單或買過狗飼料»: Chinese says "not" again where it is meant of the second, too.

    So does Japanese, after each verb.
    """
    if _KANA.search(form) is not None:
        return left.negated and not right.negated
    complete = right.head == "buy" and bool(right.values or right.topics or right.quantity)
    channels = bool(left.channels and right.channels) and left.channels != right.channels
    complete = complete or (right.head == ENGAGE and (channels or right.quantity is not None))
    said = _CHINESE.match(form, right.start) is not None
    return complete and said and not right.negated


def _negation_spreads(frames: list[Frame], form: str) -> None:
    """«did not open or click»: both were not done."""
    for before, left, right in zip([None, *frames], frames, frames[1:], strict=False):
        turned = before is not None and before.clause < left.clause and turns(before, left)
        if turned:
            continue  # «เปิดอีเมลแต่ไม่คลิก หรือรับคูปอง…»
        if right.apart or left.group or (right.quantity and not left.quantity):
            continue  # "either have never returned or …"
        if _has_its_own_verb(left, right, form):
            continue
        bare = not (right.negated or right.values or right.topics or right.quantity)
        acts = left.head in _ACTS and right.head in _ACTS and bare
        if left.negated and right.link == "or" and (acts or _are_alike(left, right)):
            if not right.negated and left.clause == right.clause:
                right.negated, right.link = True, "and"
            elif right.negated:
                right.link = "and"


class Sharing(Called):
    """Completes the frames by each other, when all is read."""

    def _spread(self) -> None:
        """Give a time said once to the coordinated acts that share it."""
        frame = self.current
        frames = self.sketch.frames
        last = frames[-1] if frames else None
        if last is not None and not self._echo(last):
            if self.span is not None and last.takes_span(self.span):
                last.span = self.span
            elif self.span is not None:
                frame = next((f for f in frames if f.takes_span(self.span)), None)
                if frame is not None:
                    frame.span = self.span
            if self.quantity is not None and self._may_count(last, self.quantity):
                last.quantity = self.quantity
            if self.recent:
                frame = next((f for f in reversed(frames) if f.takes_span()), None)
                if frame is not None:
                    frame.recent = True
        if self.twins is not None and self.twins[0].span is None:
            self.twins[0].span = self.twins[1].span  # "spent over 5k but under 20k in 2026"
        _negation_spreads(frames, self.form)
        self._share_channels(frames)
        share_campaign(frames)
        self._part_sources(frames)
        self._part_channels(frames)
        self._share_purchase(frames)
        self._drop_said(frames)
        self._join_ages(frames)
        for place, each in reversed(list(enumerate(frames))):
            times = [replace(each, span=span, also_spans=[]) for span in each.also_spans]
            frames[place:place] = times
        for left, right in itertools.pairwise(frames):
            if left.sentence != right.sentence:
                continue
            if left.too and right.too and left.head == "value" and right.head == "buy":
                # «AもBカテゴリも買っていない»
                left.head, left.negated, left.span = "buy", right.negated, right.span
            if left.head != right.head and not self._is_neither(left, right):
                continue
            family = left.head in (ENGAGE, "buy")
            if (
                family
                and right.span is None
                and not right.timeless
                and left.span is not None
                and (left.clause in self.leading or self._same_thing(left, right))
            ):
                right.span = left.span
            elif (right is last and self._is_neither(left, right)) or (
                family and self._is_said_after(left, right)
            ):
                left.span = right.span

    @staticmethod
    def _join_ages(frames: list[Frame]) -> None:
        """«40代・50代の女性», "20s and 30s": nobody is of two ages, so it is either."""
        for left, right in itertools.pairwise(frames):
            if (left.head, right.head) != ("age", "age") or left.excluded or left.negated:
                continue
            ranges = left.quantity, right.quantity
            apart = [q for q in ranges if q is not None and q.op is Op.BETWEEN]
            if len(apart) == 2 and not right.excluded and _are_disjoint(*apart):
                right.link = "or"

    def _is_said_after(self, left: Frame, right: Frame) -> bool:
        """Whether a time said after the second act is the first one's as well."""
        timed = left.span is None and right.span is not None and not left.recent
        paid = right.quantity is not None and right.quantity.number >= _SURELY_MONEY
        counted = left.quantity is None or left.quantity.number < _SURELY_MONEY
        timed = timed and not (paid and counted)  # "ordered twice and paid over 8,000 this year"
        timed = timed and not self._leads_second(left, right)
        between = [t for t in self.tokens if left.end <= t.start < right.start]
        timed = timed and not any(self.form[t.start : t.end] in _WHO for t in between)
        if left.head == right.head == "buy" and left.negated != right.negated:
            if left.quantity is not None and left.values == right.values and not left.topics:
                return False  # «ซื้อ 5 ครั้งขึ้นไป ไม่ซื้อเลย 3 เดือน»: it can't be both
        if left.head == "buy" and left.negated != right.negated:
            said = [t for t in self.tokens if left.start <= t.start and t.end <= right.start]
            bought = next((place for place, t in enumerate(said) if t.role("buy")), len(said))
            timed = timed and not any(t.extra.get("span") for t in said[bought:])
            # «Lipstick購入済 直近3ヶ月購入ナシ»
        # "bought Coffee but not Skincare this year"
        less = left.head == "buy" and right.excluded and not left.excluded
        less = less and bool(left.values and right.values) and right.clause - left.clause == 1
        return timed and (left.clause == right.clause or less or self._is_turned(left, right))

    def _leads_second(self, left: Frame, right: Frame) -> bool:
        """«買過 Yoga Mat 或近一年下單兩次»: a time that stands between "or" and the second act."""
        starts = [start for start, *_, measure in self.measured if measure is right.span]
        if not starts or not left.start < starts[0] < right.start:
            return False
        between = [t for t in self.tokens if left.start <= t.start and t.end <= starts[0]]
        return any(t.role("or") or t.role("and") or t.separator for t in between)

    def _echo(self, last: Frame) -> bool:
        """Say the last act again where only its time or its number was: whether that was so."""
        span, quantity = self.span, self.quantity
        if span is None or last.span == span:
            return False
        again = replace(last, span=span, link="and", values=list(last.values), clause=self.clause)
        denied = self.negated or self.excluding
        if denied and (last.head in (ENGAGE, "buy", "order_count") or last.is_spending):
            if last.span is None and not (last.quantity and last.clause < self.clause):
                return False
            # "bought in April but not in May", "ordered 5 times but nothing since March"
            again.quantity, again.negated, again.excluded = None, not last.negated, False
            self.negated = False
        elif quantity is not None and last.quantity is not None and last.span is not None:
            if {quantity.unit, last.quantity.unit} - {""} > {last.quantity.unit}:
                return False
            again.quantity = quantity  # "over 10,000 in 2025 but under 1,000 in 2026"
        else:
            return False
        self.sketch.frames.append(again)
        self.span = None
        return True

    def _share_purchase(self, frames: list[Frame]) -> None:
        """«never bought Gift Card and Jewelry things»: a product, and a category, of one act."""
        small = ("and", "fill", "both", "noun", "or", "nor")
        for left, right in itertools.pairwise(frames):
            named = right.head == "value" and right.values[-1][0] in ("product", "category")
            if left.head != "buy" or not left.values or not named or left.quantity:
                continue
            before = [t for t in self.tokens if t.end <= right.start]
            between = list(
                itertools.takewhile(
                    lambda t: any(map(t.role, small)) and not t.values, before[::-1]
                )
            )
            joined = any(t.role("and") or t.role("or") for t in between)
            named = len(between) < len(before) and bool(before[-1 - len(between)].values)
            if joined and named and not left.closed:
                right.head, right.negated, right.span = "buy", left.negated, left.span

    @staticmethod
    def _drop_said(frames: list[Frame]) -> None:
        """«AもBも買っていない»: the verb says what both names hold already."""
        for left, right in list(itertools.pairwise(frames)):
            bare = not (right.values or right.topics or right.quantity or right.span)
            bought = left.head == "value" and left.values[-1][0] in ("product", "category")
            near = left.clause == right.clause
            if right.head == "buy" and right.negated and bare and bought:
                if left.too and left.negated and near:
                    frames.remove(right)
            elif right.head == "checkout_count" and right.negated and bare:
                if left.name == "add_to_cart_count" and left.sentence == right.sentence:
                    frames.remove(right)  # "left things in the cart and didn't check out"
            elif right.head == "buy" and not right.negated and bare and near and left.never:
                frames.remove(right)  # ไม่เคยสั่งซื้อเลยสักออเดอร์

    def _share_channels(self, frames: list[Frame]) -> None:
        """«opened and clicked our emails»: a channel said after the second of two reactions."""
        for left, right in itertools.pairwise(frames):
            if (left.head, right.head) != (ENGAGE, ENGAGE) or left.sentence != right.sentence:
                continue
            alone = not (left.channels or left.values or left.topics or left.message)
            between = [t for t in self.tokens if left.end <= t.start and t.end <= right.start]
            small = ["and", "fill", "both", "not", "but", "or", "nor"]
            small += ["exclude", "person"] if right.excluded else []
            if not all(any(map(t.role, small)) for t in between):
                continue
            possible = {e for c in right.channels for e in EVENTS.get(usual_channel(c), ())}
            shared = not left.events or bool(possible & set(left.events))
            if alone and right.channels and (shared or len(left.events) < 2):
                left.channels = list(right.channels)
                left.values = [value for value in right.values if value[0] == "campaign"]
            elif left.channels and not (
                right.channels or right.values or right.topics or right.message or right.campaign
            ):
                right.channels = _that_have(right.events, left.channels)  # เปิด LINE แต่ไม่เคยคลิก

    @staticmethod
    def _part_channels(frames: list[Frame]) -> None:
        """«clicked both the email and the LINE broadcast»: each of them, and not either."""
        for place, frame in reversed(list(enumerate(frames))):
            if frame.head == ENGAGE and frame.together and not frame.negated and frame.channels:
                parts = [replace(frame, channels=[channel]) for channel in frame.channels]
                for part in parts[1:]:
                    part.link = "and"
                frames[place : place + 1] = parts

    def _is_neither(self, left: Frame, right: Frame) -> bool:
        """«no orders and no returns in the last year»: one time for both."""
        names = ("order_count", "return_count", "add_to_cart_count", ENGAGE)
        lacking = left.negated and right.negated and not (left.quantity or right.quantity)
        timed = left.span is None and right.span is not None and not left.timeless
        lacking = lacking and left.excluded == right.excluded
        if not (lacking and timed and left.name in names and right.name in names):
            return False
        between = [t for t in self.tokens if left.end <= t.start and t.end <= right.start]
        messages = ENGAGE in (left.head, right.head)
        words = ("nor",) if messages else ("and", "or", "both", "nor")
        joined = any(any(map(t.role, words)) for t in between)
        joined = joined and not any(self.form[t.start : t.end] in _WHO for t in between)
        before = [t for t in self.tokens if t.role("not") and t.end <= left.end]
        never = bool(before) and _NEVER.search(self.form[before[-1].start : left.end]) is not None
        return joined and not never

    @staticmethod
    def _is_turned(left: Frame, right: Frame) -> bool:
        """«opened an email but did not click it in the last 30 days»: one time for both."""
        same = left.channels == right.channels or not (left.channels and right.channels)
        return left.head == ENGAGE and same and left.negated != right.negated

    @staticmethod
    def _same_thing(left: Frame, right: Frame) -> bool:
        """«opened it in the past 7 days but did not click», "claimed in June, not redeemed"."""
        return left.head == ENGAGE and bool(left.channels) and left.channels == right.channels
