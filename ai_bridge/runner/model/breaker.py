"""Keeps turns from waiting for an endpoint that has just failed again and again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

FAILURES = 5
REST_SECONDS = 20.0


@dataclass
class Breaker:
    """Opens after FAILURES in a row; after a rest one call may try, and decides for all."""

    clock: Callable[[], float] = field(default=monotonic, repr=False)
    failures: int = 0
    _rests_until: float = 0.0
    _is_probed: bool = False

    def may_ask(self) -> bool:
        """Whoever is told yes must say afterwards how it went."""
        if self.failures < FAILURES:
            return True
        if self._is_probed or self.clock() < self._rests_until:
            return False
        self._is_probed = True
        return True

    def succeeded(self) -> None:
        self.failures, self._is_probed = 0, False

    def failed(self) -> None:
        self.failures += 1
        self._is_probed = False
        self._rests_until = self.clock() + REST_SECONDS

    def gave_up(self) -> None:
        """The call ended without an outcome: another one may try."""
        self._is_probed = False
