"""Logs and metrics that say what happened, never what a person wrote or who a contact is."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from functools import cache
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "error_id", "error", "where", "logger", "process",
        "segment_id", "letter_id", "parcel_id", "event_kind", "attempt", "seconds", "count",
        "status", "channel", "port", "version", "signal",
    }
)  # fmt: skip
"""The keys that a log line may carry: a name that is not here is left out, whatever it holds."""


def only_allowed(
    _logger: Any, _method: str, entry: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor: everything but the allowed keys is dropped."""
    return {key: value for key, value in entry.items() if key in ALLOWED}


def describe(error: BaseException) -> dict[str, str]:
    """An error for the log: its type and the lines it came through.

    Its message and the values of variables are left out, since either may hold customers' data.
    """
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    where = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
    cause = error.__cause__ or error.__context__
    names = [type(e).__name__ for e in (error, cause) if e is not None]
    return {"error": " from ".join(names), "where": where}


def set_up(level: str, stream: TextIO | None = None) -> None:
    """Send logs of this level and above to standard error: JSON, or lines for a terminal."""
    import structlog  # noqa: PLC0415 - takes 0.15 s to load

    stream = stream or sys.stderr
    renderer: Any = structlog.processors.JSONRenderer()
    if stream.isatty():
        renderer = structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = _Foreign()
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)


class _Foreign(logging.Handler):
    """Log records of libraries: the sentence without its values, which may be customers' data."""

    def emit(self, record: logging.LogRecord) -> None:
        values = describe(record.exc_info[1]) if record.exc_info and record.exc_info[1] else {}
        log().log(record.levelno, str(record.msg)[:200], logger=record.name, **values)


def log() -> "FilteringBoundLogger":
    """The logger; quiet but for warnings until `set_up` has run."""
    import structlog  # noqa: PLC0415 - takes 0.15 s to load

    logger: FilteringBoundLogger = structlog.get_logger()
    return logger


class Metrics:
    """Counters of this process, in the form Prometheus reads."""

    def __init__(self) -> None:
        from prometheus_client import (  # noqa: PLC0415 - only a server needs it
            CollectorRegistry,
            Counter,
            Gauge,
            Histogram,
        )

        self.registry = CollectorRegistry()
        self._turns = Counter("divisi_turns", "Turns handled.", ["outcome"], registry=self.registry)
        self._seconds = Histogram(
            "divisi_turn_seconds",
            "How long a turn took.",
            registry=self.registry,
            buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
        )
        self._segments = Gauge(
            "divisi_segments", "Segments by status.", ["status"], registry=self.registry
        )

        self._asked = Counter(
            "divisi_model_requests",
            "Texts that a language model was asked about.",
            ["model", "outcome"],
            registry=self.registry,
        )
        self._tokens = Counter(
            "divisi_model_tokens",
            "Tokens sent to a language model and received.",
            ["model", "kind"],
            registry=self.registry,
        )
        self._model_seconds = Histogram(
            "divisi_model_seconds",
            "How long a text waited for a language model.",
            ["model"],
            registry=self.registry,
            buckets=(0.25, 0.5, 1, 2, 3, 5, 8, 12, 20),
        )

    def model(self, name: str, outcome: str, seconds: float) -> None:
        """Count a text that a model was asked about: "understood", "kept", or why it was not."""
        self._asked.labels(name, outcome).inc()
        self._model_seconds.labels(name).observe(seconds)

    def model_tokens(self, name: str, sent: int, received: int) -> None:
        """Count the tokens of one request."""
        self._tokens.labels(name, "sent").inc(sent)
        self._tokens.labels(name, "received").inc(received)

    def turn(self, outcome: str, seconds: float) -> None:
        """Count a turn: outcome is "answered", "refused" or "failed"."""
        self._turns.labels(outcome).inc()
        self._seconds.observe(seconds)

    def segments(self, counts: dict[str, int]) -> None:
        """Set the number of segments by status."""
        for status in ("queued", "computing", "finished", "failed"):
            self._segments.labels(status).set(counts.get(status, 0))

    def text(self) -> bytes:
        """The page that Prometheus fetches."""
        from prometheus_client import generate_latest  # noqa: PLC0415

        return bytes(generate_latest(self.registry))


@cache
def metrics() -> Metrics:
    """The metrics of this process."""
    return Metrics()
