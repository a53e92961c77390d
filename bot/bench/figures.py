"""What came of the cases, as a table.

right     members as wanted, nothing asked needlessly, nothing left unasked
silent    wrong members in a plan that was accepted as ready, with no question about it
needless  cases with a question that the case has no answer for
asked     questions per case
p50, p99  milliseconds of one turn: reading and dialog, a model's time included, without counting
model     requests to a language model; sent, got: thousands of tokens; cost by the prices given
"""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.bench.cases import Case


@dataclass(slots=True)
class Tally:
    """What one conversation cost at the model."""

    outcomes: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    sent: int = 0
    received: int = 0

    def model(self, name: str, outcome: str, seconds: float) -> None:  # noqa: ARG002 - as metrics
        """Count what came of a text that the model was asked about."""
        self.outcomes[outcome] += 1

    def model_tokens(self, name: str, sent: int, received: int) -> None:  # noqa: ARG002
        """Count the tokens of one request."""
        self.requests += 1
        self.sent += sent
        self.received += received


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one case."""

    case: Case
    right: bool
    silent: bool
    needless: bool
    asked: int
    times: Sequence[float]
    tally: Tally


Price = tuple[float, float]
"""Of a million tokens sent, and of a million received."""


def table(rows: Sequence[Row], price: Price | None = None) -> Iterator[str]:
    """The lines of the table, by language and level."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        language, level = row.case["lang"], row.case["level"]
        for group in ((language, level), (language, "all"), ("all", "all")):
            groups[group].append(row)
    asked = any(row.tally.requests for row in rows)
    head = (
        f"{'':8} {'':10} {'cases':>5} {'right':>11} {'silent':>6} {'needless':>8}"
        f" {'asked':>5} {'p50':>7} {'p99':>7} ms"
    )
    yield head + (f" {'model':>6} {'sent':>7} {'got':>6} {'cost':>8}" if asked else "")
    for group, found in sorted(groups.items(), key=_order):
        yield _line(group, found) + (_cost(found, price) if asked else "")
    outcomes = sum((row.tally.outcomes for row in rows), Counter[str]())
    if outcomes:
        yield "texts a model was asked about: " + ", ".join(
            f"{count} {outcome}" for outcome, count in outcomes.most_common()
        )


def _line(group: tuple[str, str], found: Sequence[Row]) -> str:
    times = [t for row in found for t in (*row.times, row.times[0])]
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    right = sum(row.right for row in found)
    return (
        f"{group[0]:8} {group[1]:10} {len(found):5} {right:5} {right / len(found):5.0%}"
        f" {sum(row.silent for row in found):6} {sum(row.needless for row in found):8}"
        f" {sum(row.asked for row in found) / len(found):5.2f} {cuts[49]:7.1f}"
        f" {cuts[98]:7.1f}"
    )


def _cost(found: Sequence[Row], price: Price | None) -> str:
    sent = sum(row.tally.sent for row in found)
    received = sum(row.tally.received for row in found)
    cost = "-" if price is None else f"{(sent * price[0] + received * price[1]) / 1e6:.4f}"
    requests = sum(row.tally.requests for row in found)
    return f"    {requests:6} {sent / 1e3:7.1f} {received / 1e3:6.1f} {cost:>8}"


def _order(group: tuple[tuple[str, str], object]) -> tuple[bool, str, bool, str]:
    language, level = group[0]
    return language == "all", language, level == "all", level
