"""A service that fails again and again is left alone for a while."""

from dataclasses import dataclass
from typing import Final

_FAILURES: Final = 3
_FIRST_SECONDS: Final = 30.0
_LONGEST_SECONDS: Final = 300.0


@dataclass(slots=True)
class Breaker:
    """Counts failures in a row; times are of one steady clock, in seconds."""

    failures: int = 0
    until: float = 0.0
    """Nothing is asked before."""
    _pause: float = _FIRST_SECONDS

    def closed(self, now: float) -> bool:
        """Whether the service may be asked."""
        return now >= self.until

    def failed(self, now: float, pause: float = 0.0, weight: int = 1) -> None:
        """One failure more; `pause` is how long the service itself wants to be left alone."""
        self.failures += weight
        self.until = max(self.until, now + min(pause, _LONGEST_SECONDS))
        if self.failures >= _FAILURES:
            self.until = max(self.until, now + self._pause)
            self._pause = min(self._pause * 2, _LONGEST_SECONDS)

    def worked(self) -> None:
        """The service has answered: all is forgotten."""
        self.failures, self.until, self._pause = 0, 0.0, _FIRST_SECONDS
