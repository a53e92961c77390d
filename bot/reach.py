"""The counts of a turn: every option, condition and plan in it, by one question to the audience."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

from planner.chat import Option, PlanCard, PlanView, Question, Reply, SegmentCard, Turn
from planner.errors import Refused
from planner.fields import REACHABLE_CHANNELS, Op
from planner.plan import AllOf, Condition
from store.audience import Audience

S = TypeVar("S")
Files = Callable[[Sequence[str]], Awaitable[Mapping[str, Path]]]


async def with_reach(turn: Turn[S], audience: Audience, as_of: datetime, files: Files) -> Turn[S]:
    """The turn with every reach filled in; what can't be counted keeps None.

    Args:
        turn: what one step gave.
        audience: the customer data.
        as_of: the moment to count at.
        files: gives the member files of segments by their ids.

    Raises:
        Unavailable: the data can't be read.
    """
    roots = list(dict.fromkeys(_roots(turn)))
    if not roots:
        return turn
    counts = await _count(roots, audience, as_of)
    replies = tuple(_counted(reply, counts) for reply in turn.replies)
    view = None if turn.view is None else _counted_view(turn.view, counts)
    if view is not None and view.exclude:
        view = await _less(view, audience, as_of, files)
    return replace(turn, replies=replies, view=view)


def _roots(turn: Turn[S]) -> Iterator[AllOf]:
    for reply in turn.replies:
        if isinstance(reply, (Question, PlanCard, SegmentCard)):
            yield from (option.plan for option in reply.options if option.plan is not None)
    if turn.view is not None:
        yield turn.view.plan
        yield from reachable_by(turn.view.plan).values()
        yield from (item.plan for item in turn.view.conditions)
        yield from _narrowing(turn.view.plan)


def reachable_by(root: AllOf) -> dict[str, AllOf]:
    """The plan's part that can be reached, by channel."""

    def by(channel: str) -> Condition:
        return Condition(field="reachable", op=Op.ANY_OF, texts=(channel,))

    return {each: AllOf(items=(*root.items, by(each))) for each in REACHABLE_CHANNELS}


def _narrowing(root: AllOf) -> list[AllOf]:
    """The plan's first condition, its first two, and so on."""
    return [AllOf(items=items) for items in accumulate((item,) for item in root.items)]


async def _less(view: PlanView, audience: Audience, as_of: datetime, files: Files) -> PlanView:
    """The view's counts less the members of the segments left out."""
    try:
        out = list((await files(view.exclude)).values())
        roots = [view.plan, *reachable_by(view.plan).values()]
        left, *reachable = await audience.count(roots, as_of, out)
    except Refused:  # a segment left out is gone: its conversation is told when it confirms
        return view
    excluded = None if view.reach is None else view.reach - left
    by_channel = dict(zip(REACHABLE_CHANNELS, reachable, strict=True))
    return replace(view, reach=left, excluded=excluded, reachable=by_channel)


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
    left = [counts[root] for root in _narrowing(view.plan)]
    reachable = {name: counts[root] for name, root in reachable_by(view.plan).items()}
    return replace(
        view,
        conditions=tuple(
            replace(c, reach=counts[c.plan], left=n)
            for c, n in zip(view.conditions, left, strict=True)
        ),
        reach=counts[view.plan],
        reachable={name: count for name, count in reachable.items() if count is not None},
    )
