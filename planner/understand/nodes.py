"""From a frame to the condition it means, or to the one thing still to be asked about it."""

import re

from planner.fields import FIELDS, Kind, Op
from planner.plan import Condition, Node, Scope
from planner.understand.frames import OF_PRODUCTS, Frame
from planner.understand.ground import candidates, exact
from planner.understand.messages_said import Messages
from planner.understand.purchases_said import is_category
from planner.understand.vocabulary import tiers


def ranked(tier: str, known: tuple[str, ...], *, higher: bool) -> tuple[str, ...]:
    """The known tiers from one up or down; none if the usual order doesn't tell of each."""
    order = {name: place for place, name in enumerate(tiers())}
    if any(name.casefold() not in order for name in known):
        return ()
    limit = order[tier.casefold()]
    sign = 1 if higher else -1
    return tuple(name for name in known if sign * (order[name.casefold()] - limit) >= 0)


_OR = re.compile(r"\s*(?:或是|或者|或|または|もしくは|หรือ|[/、]|\bor\b)\s*")
"""Between keywords of notes."""
_AND = re.compile(
    r"\s+(?:and|及|和|以及|與|กับ|และ)\s+"
    "|(?<=[\u4e00-\u9fff]{2})(?:以及|和|跟|與)(?=[\u4e00-\u9fff]{2})"
)


_LIKED = ("tag", "product", "category")
"""What somebody may be fond of, in the order to ask about it."""


class Maker(Messages):
    """Makes nodes of frames, given the data's catalogue and the day."""

    def node(self, frame: Frame) -> Node | None:
        """The condition (negated where it was), or None where the frame says nothing."""
        if (
            frame.topics
            and not frame.values
            and (frame.name in OF_PRODUCTS or frame.head == "order_count")
        ):
            return self._described_purchase(frame)
        make = getattr(self, f"_{frame.head}", None)
        if make is None and frame.head in FIELDS:
            make = self._moment if FIELDS[frame.head].kind is Kind.MOMENT else self._metric
        return make(frame) if make else None

    def _value(self, frame: Frame) -> Node | None:
        kind = frame.values[-1][0]
        names = tuple(dict.fromkeys(n for k, n in frame.values if k == kind))
        if kind in ("product", "category"):
            frame.head = "buy"
            return self._buy(frame)
        if kind == "campaign":
            return self._engagement(frame)
        if kind == "membership_tier" and frame.band:
            named = names[-1]
            names = ranked(named, self.catalogue.names(kind), higher=frame.band == "high")
            names = tuple(name for name in names if not (frame.strict and name == named))
            if not names:
                known = self.catalogue.names(kind)
                condition = Condition(field=kind, op=Op.ANY_OF)
                return self._open(frame, f"{kind}.choice", condition, candidates=tuple(known))
        every = kind == "tag" and frame.conjunction == "and" and len(names) > 1
        if frame.excluded or frame.negated:
            every = every and frame.together  # «excluding VIP and KOL» leaves out either
        scope = Scope.model_validate({"source": (frame.source or None) if kind == "tag" else None})
        condition = Condition(
            field=kind, op=Op.ALL_OF if every else Op.ANY_OF, texts=names, scope=scope
        )
        return self._signed(frame, condition)

    def _mistyped(self, frame: Frame) -> Node:
        kind = frame.values[0][0]
        names = tuple(name for _, name in frame.values)
        condition = Condition(field=kind, op=Op.ANY_OF)
        return self._open(frame, f"{kind}.choice", condition, candidates=names, reason="near")

    def _attribute(self, frame: Frame) -> Node | None:
        field = self.catalogue.attributes[frame.noun]
        if field.kind is Kind.NUMBER and frame.quantity:
            return self._compared(frame, frame.noun, frame.quantity)
        if field.kind is Kind.MOMENT and frame.span:
            condition = Condition(field=frame.noun, op=Op.WITHIN, window=frame.span.window)
            return self._signed(frame, condition)
        if field.kind is Kind.BOOLEAN:
            return self._signed(frame, Condition(field=frame.noun, op=Op.IS, texts=("true",)))
        names = tuple(dict.fromkeys(n for _, n in frame.values))
        if names:
            return self._signed(frame, Condition(field=frame.noun, op=Op.ANY_OF, texts=names))
        return None

    def _tag(self, frame: Frame) -> Node | None:
        if frame.values:
            return self._value(frame)
        said = frame.quotes or ([self.phrase(frame)] if frame.topics else [])
        known = [exact(text, "tag", self.catalogue) for text in said]
        if said and all(known):
            frame.values = [("tag", name) for name in known if name]
            return self._value(frame)
        if not said:
            return None
        found = tuple(
            dict.fromkeys(
                name
                for text in said
                for name in candidates(text, "tag", self.catalogue, set(frame.topic_names))
            )
        )
        scope = Scope.model_validate({"source": frame.source or None})
        condition = Condition(field="tag", op=Op.ANY_OF, scope=scope)
        return self._open(frame, "tag.choice", condition, candidates=found, reason="near")

    def _interest(self, frame: Frame) -> Node | None:
        if frame.values or not (frame.topics or frame.quotes):
            return self._value(frame) if frame.values else None
        phrase, topics = self.phrase(frame), set(frame.topic_names)
        fitting = {kind: candidates(phrase, kind, self.catalogue, topics) for kind in _LIKED}
        if fitting["category"] and fitting["product"]:
            if is_category(phrase, topics, fitting["category"], fitting["product"]):
                del fitting["product"]
        for kind, found in fitting.items():
            if not found:
                continue
            bought = Condition(field="checkout_count", op=Op.GE, number=1)
            tagged = Condition(field="tag", op=Op.ANY_OF)
            condition = tagged if kind == "tag" else bought
            return self._open(frame, f"{kind}.choice", condition, candidates=found, reason="near")
        return None

    def _quote(self, frame: Frame) -> Node | None:
        for kind in ("tag", "campaign", "product", "category", "city", "membership_tier"):
            name = exact(frame.quotes[0], kind, self.catalogue)
            if name:
                frame.values = [(kind, name)]
                return self._value(frame)
        return None

    def _note(self, frame: Frame) -> Node | None:
        phrase = self.phrase(frame) if frame.topics else ""
        every = frame.conjunction == "and" or (not frame.quotes and _AND.search(phrase))
        said = (_AND if every else _OR).split(phrase) if phrase else [n for _, n in frame.values]
        keywords = tuple(dict.fromkeys(frame.quotes or [word for word in said if word]))
        if not keywords:
            return None
        op = Op.ALL_OF if every and len(keywords) > 1 else Op.ANY_OF
        scope = Scope.model_validate({"source": frame.source or None})
        return self._signed(frame, Condition(field="note", op=op, texts=keywords, scope=scope))

    _topic = _interest
