"""What a process remembers of an endpoint: hints that save time, never anything a turn needs."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from time import monotonic

from ai_bridge.contract import Provider
from ai_bridge.runner.model.breaker import Breaker

KEPT = 1_024
# A better form of the request is tried again after this: endpoints learn too.
HINT_SECONDS = 3_600.0


@dataclass
class Endpoint:
    """`rung` is the first form of the request worth trying; `quirks` what it cannot take."""

    breaker: Breaker
    rung: int = 0
    quirks: set[str] = field(default_factory=set)
    learnt_at: float = 0.0


class Memory:
    """By connection: the same model with another key is another connection."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._known: OrderedDict[str, Endpoint] = OrderedDict()

    def endpoint(self, provider: Provider) -> Endpoint:
        key = _key(provider)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = Endpoint(Breaker(self._clock), learnt_at=self._clock())
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        if self._clock() - found.learnt_at > HINT_SECONDS:
            found.rung, found.learnt_at = 0, self._clock()
            found.quirks.clear()
        return found


def _key(provider: Provider) -> str:
    """Tells connections apart without keeping the key."""
    parts = (provider.kind, provider.base_url, provider.model, provider.api_key)
    return sha256("\x00".join(parts).encode()).hexdigest()
