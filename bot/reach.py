"""The counts of a turn: every option, condition and plan in it, by one question to the audience."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from planner.chat import Option, PlanCard, PlanView, Question, Reply, SegmentCard, Turn
from planner.errors import Refused
from planner.fields import Op
from planner.plan import AllOf, Condition
from store.audience import Audience

S = TypeVar("S")
_LINE = Condition(field="reachable", op=Op.ANY_OF, texts=("line",))


async def with_reach(turn: Turn[S], audience: Audience, as_of: datetime) -> Turn[S]:
    """The turn with every reach filled in; what can't be counted keeps None.

    Raises:
        Unavailable: the data can't be read.
    """
    roots = list(dict.fromkeys(_roots(turn)))
    if not roots:
        return turn
    counts = await _count(roots, audience, as_of)
    replies = tuple(_counted(reply, counts) for reply in turn.replies)
    view = None if turn.view is None else _counted_view(turn.view, counts)
    return replace(turn, replies=replies, view=view)


def _roots(turn: Turn[S]) -> Iterator[AllOf]:
    for reply in turn.replies:
        if isinstance(reply, (Question, PlanCard, SegmentCard)):
            yield from (option.plan for option in reply.options if option.plan is not None)
    if turn.view is not None:
        yield turn.view.plan
        yield _reachable(turn.view.plan)
        yield from (item.plan for item in turn.view.conditions)


def _reachable(root: AllOf) -> AllOf:
    return AllOf(items=(*root.items, _LINE))


async def _count(
    roots: list[AllOf], audience: Audience, as_of: datetime
) -> Mapping[AllOf, int | None]:
    try:
        return dict(zip(roots, await audience.count(roots, as_of), strict=True))
    except Refused:
        return {root: await _count_one(root, audience, as_of) for root in roots}


async def _count_one(root: AllOf, audience: Audience, as_of: datetime) -> int | None:
    try:
        return (await audience.count([root], as_of))[0]
    except Refused:
        return None


def _counted(reply: Reply, counts: Mapping[AllOf, int | None]) -> Reply:
    if isinstance(reply, (Question, PlanCard, SegmentCard)):
        return replace(reply, options=tuple(_option(o, counts) for o in reply.options))
    return reply


def _option(option: Option, counts: Mapping[AllOf, int | None]) -> Option:
    return option if option.plan is None else replace(option, reach=counts[option.plan])


def _counted_view(view: PlanView, counts: Mapping[AllOf, int | None]) -> PlanView:
    return replace(
        view,
        conditions=tuple(replace(c, reach=counts[c.plan]) for c in view.conditions),
        reach=counts[view.plan],
        reachable_line=counts[_reachable(view.plan)],
    )
