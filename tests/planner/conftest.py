"""A small shop to understand sentences about."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from planner.catalogue import Catalogue, Value
from planner.chat import Context
from planner.commands import Add, Reading
from planner.plan import Node
from planner.state import Conversation
from planner.understand import read

Understands = Callable[..., Reading]
Conditions = Callable[[str], list[Node]]


def _values(*names: str) -> tuple[Value, ...]:
    return tuple(Value(name, 9 - place) for place, name in enumerate(names))


@pytest.fixture(scope="session")
def shop() -> Catalogue:
    """What is known of the shop."""
    return Catalogue(
        version="shop",
        values={
            "tag": _values("Cat Lover", "VIP", "Camping", "Coffee Fan"),
            "product": _values("Cold Brew Pack", "Night Cream"),
            "category": _values("Coffee", "Skincare"),
            "campaign": _values("Summer Sale", "Winter Gala"),
            "city": _values("Taipei", "Osaka", "Bangkok"),
            "membership_tier": _values("Gold", "Silver"),
            "gender": _values("female", "male", "other"),
            "language": _values("zh-Hant", "ja", "en", "th"),
        },
        quantiles={"total_spending": tuple(float(100 * place) for place in range(101))},
        contacts=100,
        product_ids={"P-77": "Night Cream"},
    )


@pytest.fixture(scope="session")
def understands(shop: Catalogue) -> Understands:
    """Reads an utterance on 30 June 2026 in Taipei, in a new conversation unless one is given."""
    now = datetime.fromisoformat("2026-06-30T04:00:00+00:00")

    def understood(text: str, state: Conversation | None = None, locale: str = "") -> Reading:
        context = Context(now, ZoneInfo("Asia/Taipei"), locale=locale)
        return read(text, state or Conversation(), shop, context)

    return understood


@pytest.fixture(scope="session")
def conditions(understands: Understands) -> Conditions:
    """The conditions that a sentence adds to a new plan; nothing else may be said by it."""

    def added(text: str) -> list[Node]:
        commands = understands(text).commands
        assert all(isinstance(command, Add) for command in commands), commands
        return [command.node for command in commands if isinstance(command, Add)]

    return added
