"""What an utterance says to the question that is open."""

import re

from planner.catalogue import Catalogue
from planner.commands import Answer
from planner.fields import FIELDS, Op
from planner.state import KeptOption, Pending
from planner.understand.frames import Sketch
from planner.understand.ground import exact, topics_of
from planner.understand.normalise import normalise
from planner.understand.spans import Quantity
from planner.windows import LOOKBACK_DAYS, Window

_CHOICES = {
    "tag.choice": "tag",
    "product.choice": "product",
    "category.choice": "category",
    "campaign.choice": "campaign",
    "city.choice": "city",
    "membership_tier.choice": "membership_tier",
}
_CHANNELS = {"line": "line_broadcast", "sms": "sms_broadcast"}


def choice_said(sketch: Sketch) -> str:
    """yes, no, all, skip or unknown, where the whole text says just that."""
    roles = [t for t in sketch.tokens if not t.separator]
    said = [c.data["choice"] for t in roles for c in t.concepts if c.role == "choice"]
    plain = all(
        any(c.role in ("choice", "fill", "person", "both", "thanks", "act") for c in t.concepts)
        for t in roles
    )
    return str(said[0]) if said and plain else ""


def _first_choice(sketch: Sketch) -> str:
    token = sketch.tokens[0] if sketch.tokens else None
    return (
        next((str(c.data["choice"]) for c in token.concepts if c.role == "choice"), "")
        if token
        else ""
    )


def _by_label(text: str, pending: Pending) -> Answer | None:
    """An option whose label or id was typed."""
    said = " ".join(normalise(text).form.split())
    for option in pending.options:
        if said in (normalise(option.label).form, normalise(option.id).form):
            if option.id.isdigit() and said == option.id and _is_threshold(option, pending):
                continue
            return option.answer
    return None


def _is_threshold(option: KeptOption, pending: Pending) -> bool:
    """Whether a number that was typed is a value, and no place in the list: "5" orders."""
    if not pending.slot.endswith(".value"):
        return False
    name = pending.slot.removesuffix(".value")
    money = name in FIELDS and FIELDS[name].unit == "money"
    sizes = [o.answer.number for o in pending.options if o.answer.number is not None]
    # nobody means two dollars where tens of thousands are offered
    return not money or any(size <= 10 * int(option.id) for size in sizes)


def _quantity(sketch: Sketch, slot: str) -> Quantity | None:
    name = slot.split(".", maxsplit=1)[0]
    framed = [(f.name, f.quantity) for f in sketch.frames if f.quantity is not None]
    own = [q for n, q in framed if n == name]
    loose = list(sketch.quantities)
    near = [q for n, q in framed if n != name]
    return next(iter([*own, *loose, *near]), None)


def _value(sketch: Sketch, slot: str) -> Answer | None:
    name = slot.split(".", maxsplit=1)[0]
    quantity = _quantity(sketch, slot)
    if quantity is None:
        if slot == "purchase_probability.value":
            band = next((f.band for f in sketch.frames if f.band), "")
            return Answer(slot=slot, op=Op.BAND, texts=(band,)) if band else None
        return None
    if quantity.unit == "years" and not slot.startswith("age"):
        return None
    if quantity.unit == "percent" and name in FIELDS and FIELDS[name].unit != "share":
        return None  # «上位10%» is no threshold
    spans = [f.span for f in sketch.frames if f.span] + sketch.spans
    timed = name in FIELDS and FIELDS[name].time
    return Answer(
        slot=slot,
        op=quantity.op,
        number=quantity.number,
        upper=quantity.upper,
        window=spans[0].window if spans and timed else None,
    )


def _window(sketch: Sketch, slot: str) -> Answer | None:
    spans = [f.span for f in sketch.frames if f.span] + sketch.spans
    if spans:
        return Answer(slot=slot, window=spans[0].window)
    said = sketch.quantities
    if sketch.rest or len(said) != 1 or said[0].unit or said[0].upper is not None:
        return None
    days = said[0].number
    whole = 0 < days <= 3650 and days == int(days)
    return Answer(slot=slot, window=Window.last(int(days))) if whole else None


def _choice(
    sketch: Sketch, slot: str, text: str, pending: Pending, catalogue: Catalogue
) -> Answer | None:
    kind = _CHOICES.get(slot, slot.split(".", maxsplit=1)[0])
    form = normalise(text).form
    named = [name for token in sketch.tokens for k, name in token.values if k == kind]
    quoted = [exact(t.quote, kind, catalogue) for t in sketch.tokens if t.quote]
    labels = [
        text
        for option in pending.options
        if len(option.label) > 1 and normalise(option.label).form in form
        for text in option.answer.texts
    ]
    texts = tuple(dict.fromkeys([*named, *(q for q in quoted if q), *labels]))
    texts = texts or _described(text, pending)
    return Answer(slot=slot, texts=texts) if texts else None


def _described(text: str, pending: Pending) -> tuple[str, ...]:
    """The one choice listed that other words for it describe, as 母の日 does "Mother's Day"."""
    said = topics_of(text)
    meant = {t for o in pending.options for t in o.answer.texts if said & topics_of(t)}
    return tuple(meant) if len(meant) == 1 else ()


def _channel(sketch: Sketch, slot: str) -> Answer | None:
    role = "channel" if slot.endswith("channel") else "event"
    found = [
        str(c.data[role])
        for t in sketch.tokens
        for c in t.concepts
        if c.role == role and c.data[role]
    ]
    texts = tuple(dict.fromkeys(_CHANNELS.get(name, name) for name in found))
    said = [c for t in sketch.tokens for c in t.concepts]
    if not texts and any(c.data.get("choice") == "all" or c.role == "any_channel" for c in said):
        return Answer(slot=slot, choice="all")
    return Answer(slot=slot, texts=texts) if texts else None


def _ordinals(sketch: Sketch, pending: Pending) -> Answer | None:
    places = [
        int(c.data["index"]) for t in sketch.tokens for c in t.concepts if c.role == "ordinal"
    ]
    if (number := _number_chosen(sketch)) is not None:
        places.append(number)
    options = _listed(pending)
    for place in places:
        if -1 <= place - 1 < len(options) and options:
            return options[place - 1 if place > 0 else -1].answer
    return None


def _number_chosen(sketch: Sketch) -> int | None:
    """«選 2 好了», "option 2": which of those listed, where no more is said than a small number."""
    told = any(token.role("choose") for token in sketch.tokens)
    said = sketch.quantities[0] if len(sketch.quantities) == 1 else None
    if not told or said is None or said.unit or said.op or said.number not in range(1, 10):
        return None
    return int(said.number)


def _listed(pending: Pending) -> list[KeptOption]:
    """The options that have a place in the list."""
    return [o for o in pending.options if o.id not in ("yes", "no", "all", "skip")]


def _several(text: str, sketch: Sketch, pending: Pending) -> Answer | None:
    """«1 and 3», 「1、2」: some of those listed, and no other words."""
    form = normalise(text).form
    numbers = [int(found) for found in re.findall(r"(?<![\d.])\d{1,2}(?![\d.])", form)]
    small = ("and", "or", "fill", "ordinal", "choose", "choice", "both", "also", "to")
    plain = all(
        t.separator or any(map(str.isdigit, form[t.start : t.end])) or any(map(t.role, small))
        for t in sketch.tokens
    )
    listed = _listed(pending)
    chosen = [listed[n - 1].answer for n in dict.fromkeys(numbers) if 1 <= n <= len(listed)]
    if not plain or len(chosen) < 2 or len(chosen) < len(numbers):
        return None
    return Answer(slot=pending.slot, texts=tuple(name for each in chosen for name in each.texts))


def _points_only(sketch: Sketch) -> bool:
    """«the second one»: its "one" is no number."""
    if _number_chosen(sketch) is not None:
        return True
    pointed = any(t.role("ordinal") for t in sketch.tokens)
    return pointed and all(q.number == 1 and not q.unit for q in sketch.quantities)


def _offered(pending: Pending) -> Answer | None:
    """The 90 days that are offered in place of a longer time."""
    first = pending.options[0].answer if pending.options else None
    longest = pending.slot == "engagement.window" and first is not None
    return first if longest and first.window == Window.last(LOOKBACK_DAYS) else None  # type: ignore[union-attr]


def answer(text: str, sketch: Sketch, pending: Pending, catalogue: Catalogue) -> Answer | None:
    """The answer that an utterance gives to the open question, or None if it gives none."""
    slot = pending.slot
    if (labelled := _by_label(text, pending)) is not None:
        return labelled
    said = choice_said(sketch)
    if slot.startswith("suggest."):
        said = said or _first_choice(sketch)
        return Answer(slot=slot, choice=said) if said in ("yes", "no", "all", "skip") else None
    if said == "yes" and (offered := _offered(pending)) is not None:
        return offered
    if said and not (said in ("yes", "no") and slot.endswith((".value", ".window"))):
        return Answer(slot=slot, choice="skip" if said == "no" else said)
    if said == "no":
        return Answer(slot=slot, choice="skip")
    found: Answer | None = None
    if slot.endswith((".choice", ".channel", ".event")):
        found = _several(text, sketch, pending)
    if slot.endswith((".value", ".window")) and _points_only(sketch):
        found = _ordinals(sketch, pending)
    if found is not None:
        return found
    if slot.endswith(".value"):
        found = _value(sketch, slot)
    elif slot.endswith(".window"):
        found = _window(sketch, slot)
    elif slot in ("engagement.channel", "engagement.event"):
        found = _channel(sketch, slot)
    elif slot.endswith(".choice") or slot == "scope.alternative":
        found = _choice(sketch, slot, text, pending, catalogue)
    return found or _ordinals(sketch, pending)
