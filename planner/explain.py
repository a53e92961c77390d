"""A condition, a plan or a window of time → words that a marketer reads."""

from datetime import date, timedelta

from planner import wording
from planner.fields import Op
from planner.plan import AllOf, AnyOf, Condition, Node, Not, Open, Scope
from planner.windows import LOOKBACK_DAYS, Ago, Bound, On, Start, Window, runs_of_days
from planner.wording import say

_SIGNS = {Op.EQ: "=", Op.GT: ">", Op.GE: "≥", Op.LT: "<", Op.LE: "≤"}
_COUNTED = ("order_count", "return_count", "checkout_count", "add_to_cart_count", "engagement")
_ONE_OF = (Op.ANY_OF, Op.ALL_OF)


def explain(node: Node, language: str) -> str:
    """One line for a condition or a group of them, as people of that language read it."""
    if isinstance(node, Condition):
        return _condition(node, language)
    if isinstance(node, Open):
        return node.phrase or _condition(node.condition, language)
    if isinstance(node, Not):
        return _negated(node.item, language)
    if not node.items:
        return say(language, "condition.everyone" if node.kind == "all_of" else "condition.nobody")
    between = say(language, "condition.and" if isinstance(node, AllOf) else "condition.or")
    return between.join(_part(item, language) for item in node.items)


def _part(node: Node, language: str) -> str:
    text = explain(node, language)
    if isinstance(node, (AllOf, AnyOf)) and len(node.items) > 1:
        return say(language, "condition.group", text=text)
    return text


def list_conditions(root: AllOf, language: str) -> tuple[str, ...]:
    """The root's items in words, in order."""
    return tuple(explain(item, language) for item in root.items)


def span(count: float, unit: str, language: str) -> str:
    """A length of time: "30 days"."""
    return say(language, f"span.{unit}", n=count)


def field_name(name: str, language: str) -> str:
    """What a field is called at the start of a line; a custom attribute by its own name."""
    return wording.name_of(language, f"field.{name}", name)


def noun(name: str, language: str) -> str:
    """What a field or a kind of value is called within a sentence."""
    return wording.name_of(language, f"noun.{name}", name)


def value_name(field: str, text: str, language: str) -> str:
    """A value as people read it; names from the data stay as they are."""
    if field in ("tag", "note"):
        return wording.quoted(language, text)
    return wording.name_of(language, f"{field}.{text}", text)


# ── one condition ────────────────────────────────────────────────────────────────────────────────


def _negated(item: Node, language: str) -> str:
    if isinstance(item, Not):
        return explain(item.item, language)
    if isinstance(item, Condition):
        if item.op in _ONE_OF and item.field not in ("note", "reachable"):
            return _choice(item, language, "condition.choice_not")
        if item.field == "last_interaction" and _is_last(item.window):
            return say(
                language, "condition.never_interacted", window=_window(item.window, language)
            )
        amount = _amount(item)
        if amount is not None:
            return _counted(item, language, not amount)
    return say(language, "condition.not", text=_part(item, language))


def _is_last(window: Window | None) -> bool:
    return window is not None and window.end is None


def _amount(condition: Condition) -> bool | None:
    """For a counted thing: True for once or more, False for never, None for any other number."""
    if condition.field not in _COUNTED:
        return None
    if (condition.op, condition.number) in ((Op.GE, 1), (Op.GT, 0)):
        return True
    if (condition.op, condition.number) in ((Op.EQ, 0), (Op.LT, 1), (Op.LE, 0)):
        return False
    return None


def _condition(condition: Condition, language: str) -> str:
    if condition.op in _ONE_OF:
        return _choice(condition, language, "condition.choice")
    if condition.op is Op.WITHIN:
        window = _window(condition.window, language)
        return say(
            language, "condition.moment", field=field_name(condition.field, language), window=window
        )
    if condition.op in (Op.BAND, Op.IS, Op.MONTH, Op.MONTH_DAY):
        return _named(condition, language)
    if condition.op is Op.NEXT_DAYS:
        name = field_name(condition.field, language)
        if not condition.number:
            day = say(language, "window.this.day")
            return say(language, "condition.moment", field=name, window=day)
        days = span(condition.number, "day", language)
        return say(language, "condition.next_days", field=name, span=days)
    amount = _amount(condition)
    return _number(condition, language) if amount is None else _counted(condition, language, amount)


def _choice(condition: Condition, language: str, template: str) -> str:
    name = field_name(condition.field, language)
    if condition.scope.source:
        source = say(language, f"source.{condition.scope.source}")
        name = say(language, "condition.scoped", field=name, scope=source)
    join = wording.every if condition.op is Op.ALL_OF else wording.either
    names = [value_name(condition.field, text, language) for text in condition.texts]
    return say(language, template, field=name, values=join(language, names))


def _named(condition: Condition, language: str) -> str:
    texts = [_text(condition, text, language) for text in condition.texts]
    if condition.op is Op.MONTH_DAY:
        ends = [
            [_text(condition, day, language) for day in run]
            for run in runs_of_days(condition.texts)
        ]
        texts = [
            first if first == last else say(language, "window.dates", first=first, last=last)
            for first, last in ends
        ]
    return say(
        language,
        "condition.choice",
        field=field_name(condition.field, language),
        values=wording.either(language, texts),
    )


def _text(condition: Condition, text: str, language: str) -> str:
    if condition.op is Op.BAND:
        return wording.name_of(language, f"band.{text}", text)
    if condition.op is Op.IS:
        return wording.name_of(language, f"truth.{text}", text)
    try:
        if condition.op is Op.MONTH:
            return wording.month(language, int(text))
        return wording.month_day(language, date.fromisoformat(f"2024-{text}"))
    except (ValueError, KeyError):
        return text


def _number(condition: Condition, language: str) -> str:
    values = {"field": _subject(condition, language)}
    low = wording.number(language, condition.number or 0)
    if condition.op is Op.BETWEEN:
        high = wording.number(language, condition.upper or 0)
        text = say(language, "condition.between", **values, low=low, high=high)
    else:
        sign = _SIGNS.get(condition.op, condition.op.value)
        template = "engagement_count" if condition.field == "engagement" else "compare"
        if template == "engagement_count":
            values = _reaction(condition.scope, language)
        text = say(language, f"condition.{template}", **values, op=sign, number=low)
    return _timed(condition, text, language)


def _subject(condition: Condition, language: str) -> str:
    if condition.field == "engagement":
        return say(language, "condition.engagement", **_reaction(condition.scope, language))
    name = field_name(condition.field, language)
    scope = _things(condition.scope, language)
    return say(language, "condition.scoped", field=name, scope=scope) if scope else name


def _counted(condition: Condition, language: str, some: bool) -> str:
    if condition.field == "engagement":
        template = "condition.engagement" if some else "condition.engagement_not"
        text = say(language, template, **_reaction(condition.scope, language))
        return _timed(condition, text, language)
    text = say(language, f"{'some' if some else 'none'}.{condition.field}")
    scope = _things(condition.scope, language)
    about = f"about.{condition.field}"
    if scope and wording.known(language, about):
        text = say(language, about, text=text, scope=scope)
    elif condition.field == "checkout_count":
        text = say(language, "some.order_count" if some else "none.order_count")
    return _timed(condition, text, language)


def _things(scope: Scope, language: str) -> str:
    parts = [
        wording.either(language, [wording.quoted(language, name) for name in names])
        for names in (scope.products, scope.categories)
        if names
    ]
    return wording.every(language, parts)  # an item has to be of both


def _reaction(scope: Scope, language: str) -> dict[str, str]:
    """What was done on which channel, for the engagement templates."""
    channels = [wording.name_of(language, f"channel.{name}", name) for name in scope.channels]
    events = [wording.name_of(language, f"event.{name}", name) for name in scope.events]
    where = wording.either(language, channels) or say(language, "condition.any_message")
    if scope.campaigns:
        names = wording.either(language, [wording.quoted(language, n) for n in scope.campaigns])
        where = say(language, "condition.campaign", channels=where, campaigns=names)
    done = wording.either(language, events) or say(language, "condition.any_event")
    return {"channels": where, "events": done}


def _timed(condition: Condition, text: str, language: str) -> str:
    window = condition.window
    if window is None and condition.field == "engagement":
        window = Window.last(LOOKBACK_DAYS)
    if window is None:
        return text
    return say(language, "condition.windowed", text=text, window=_window(window, language))


# ── windows ──────────────────────────────────────────────────────────────────────────────────────


def _window(window: Window | None, language: str) -> str:
    if window is None:
        return say(language, "condition.everyone")
    calendar = _calendar(window, language)
    if calendar:
        return calendar
    return _stretch(window.start, window.end, language)


def _stretch(start: Bound | None, end: Bound | None, language: str) -> str:
    if isinstance(start, Ago) and end is None:
        return say(language, "window.last", span=span(start.ago, start.unit, language))
    if isinstance(end, Ago) and start is None:
        return say(language, "window.before", span=span(end.ago, end.unit, language))
    if start is not None and end is not None:
        first, after = _bound(start, language), _bound(end, language)
        return say(language, "window.between", start=first, end=after)
    if start is not None:
        return say(language, "window.since", start=_bound(start, language))
    return say(language, "window.until", end=_bound(end, language)) if end else ""


def _calendar(window: Window, language: str) -> str | None:
    """Whole days between dates, and this or the last calendar week, month …; None for the rest."""
    start, end = window.start, window.end
    unit = start.start_of if isinstance(start, Start) else "day"
    if window == Window.period(unit):
        return say(language, f"window.this.{unit}")
    if window == Window.period(unit, -1):
        return say(language, f"window.previous.{unit}")
    if window == Window.period(unit, -2):
        return say(language, f"window.before_previous.{unit}")
    if not all(bound is None or isinstance(bound, On) for bound in (start, end)):
        return None
    first = start.on if isinstance(start, On) else None
    last = _day_before(end.on) if isinstance(end, On) else None
    return _dates(first, last, language)


def _day_before(day: date) -> date:
    return day - timedelta(days=1) if day > date.min else day


def _dates(first: date | None, last: date | None, language: str) -> str:
    if first is None:
        return say(language, "window.dates_until", last=wording.day(language, last or date.max))
    if last is None:
        return say(language, "window.dates_since", first=wording.day(language, first))
    if first == last:
        return say(language, "window.on", day=wording.day(language, first))
    days = {"first": wording.day(language, first), "last": wording.day(language, last)}
    return say(language, "window.dates", **days)


def _bound(bound: Bound, language: str) -> str:
    if isinstance(bound, Ago):
        return say(language, "window.ago", span=span(bound.ago, bound.unit, language))
    if isinstance(bound, On):
        return wording.day(language, bound.on)
    if bound.offset == 0:
        return say(language, f"window.this_start.{bound.start_of}")
    key = "start" if bound.offset < 0 else "next_start"
    return say(language, f"window.{key}.{bound.start_of}", n=abs(bound.offset))
