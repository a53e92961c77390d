"""What a model leaves open, or was too sure of → the point that is asked about."""

from collections.abc import Sequence
from typing import Final

from planner.catalogue import Catalogue
from planner.fields import EVENTS, Field, Kind, Op
from planner.model.said import Spoken
from planner.model.wire import Said
from planner.plan import Condition, Node, Not, Open, Scope
from planner.understand.ground import candidates
from planner.windows import Window

_PARTS: Final = {"product": "products", "category": "categories", "campaign": "campaigns"}
_BY_NAME: Final = ("tag", "city", "membership_tier")
"""Fields of the contact whose values have to be called by their names, beside custom ones."""


def opened(
    said: Said, field: Field, op: Op, window: Window | None, spoken: Spoken, catalogue: Catalogue
) -> Node:
    """The open point of a condition that is said in part."""
    asked = [_slot(what, said, field, catalogue) for what in said.ask]
    slot, *then = [slot for slot in asked if slot]
    known = _known(said, field, op, window, asked=set(said.ask))
    names = _offered(said, slot, spoken, catalogue)
    far = field.kind is Kind.MOMENT and said.negated
    point = Open(
        slot=slot,
        phrase=spoken.quote(said.phrase),
        condition=known,
        candidates=names,
        reason="near" if slot.endswith(".choice") else "vague",
        high=op not in (Op.LT, Op.LE) and not far,
        then=tuple(then),
    )
    return Not(item=point) if said.negated and not far else point


def _slot(what: str, said: Said, field: Field, catalogue: Catalogue) -> str:
    if what != "choice":
        # a question about orders with certain products is worded as one about orders
        name = "order_count" if field.name == "checkout_count" else field.name
        return f"{name}.{what}"
    if field.name == "engagement":
        return "campaign.choice"
    if "product" not in field.scope:
        return f"{field.name}.choice"
    of_category = bool(said.categories) or not candidates(said.phrase, "product", catalogue)
    return "category.choice" if of_category and not said.products else "product.choice"


def _known(
    said: Said, field: Field, op: Op, window: Window | None, *, asked: set[str]
) -> Condition:
    if field.kind is Kind.MOMENT:
        return Condition(field=field.name, op=Op.WITHIN, window=window)
    number, upper = said.number, said.upper
    if "value" in asked:
        number = upper = None
    elif field.kind is Kind.METRIC and number is None:
        op, number = Op.GE, 1
    scope = Scope.model_validate(
        {
            "source": said.source if said.source in ("maac", "caac") else None,
            "channels": () if "channel" in asked else _real(said.channels, EVENTS),
            "events": () if "event" in asked else _real(said.events, sum(EVENTS.values(), ())),
        }
    )
    scope = scope if field.scope else Scope()
    return Condition(
        field=field.name, op=op, number=number, upper=upper, window=window, scope=scope
    )


def _real(names: Sequence[str], existing: object) -> tuple[str, ...]:
    return tuple(name for name in names if name in existing)  # type: ignore[operator]


def _offered(said: Said, slot: str, spoken: Spoken, catalogue: Catalogue) -> tuple[str, ...]:
    """What can be chosen: what the model thinks of, if it exists, and what is near by itself."""
    kind, _, asked = slot.rpartition(".")
    if asked != "choice":
        return ()
    given = getattr(said, _PARTS[kind]) if kind in _PARTS else said.values
    return _candidates(given, kind, spoken.quote(said.phrase), catalogue)


def _candidates(
    given: Sequence[str], kind: str, phrase: str, catalogue: Catalogue
) -> tuple[str, ...]:
    existing = set(catalogue.names(kind))
    likely = [name for name in given if name in existing]
    near = candidates(phrase, kind, catalogue) if phrase else ()
    return tuple(dict.fromkeys((*likely, *near)))


def described(made: Condition, said: Said, spoken: Spoken, catalogue: Catalogue) -> Open | None:
    """The question about a condition's values that were not called by their own names."""
    phrase = spoken.quote(said.phrase)
    if made.field in (*_BY_NAME, *catalogue.attributes) and made.op in (Op.ANY_OF, Op.ALL_OF):
        guessed = [t for t in made.texts if not spoken.has_name(made.field, t)]
        ranked = made.field == "membership_tier" and len(guessed) < len(made.texts)
        if guessed and not ranked:  # «Silver and above» names one of them
            names = _candidates(made.texts, made.field, phrase, catalogue)
            return _point(made.field, made.model_copy(update={"texts": ()}), phrase, names)
    for kind, part in _PARTS.items():
        texts = getattr(made.scope, part)
        if any(not spoken.has_name(kind, text) for text in texts):
            scope = made.scope.model_copy(update={part: ()})
            rest = made.model_copy(update={"scope": scope})
            return _point(kind, rest, phrase, _candidates(texts, kind, phrase, catalogue))
    return _messages(made, said, phrase)


def _point(kind: str, rest: Condition, phrase: str, names: tuple[str, ...]) -> Open:
    return Open(
        slot=f"{kind}.choice", phrase=phrase, condition=rest, candidates=names, reason="near"
    )


def _messages(made: Condition, said: Said, phrase: str) -> Open | None:
    """The question which channel a message came by, unless it, or a campaign, was named."""
    scope = made.scope
    if made.field != "engagement" or scope.channels or scope.campaigns or "any" in said.channels:
        return None
    return Open(slot="engagement.channel", phrase=phrase, condition=made)
