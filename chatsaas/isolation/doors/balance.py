"""Which gateway is asked: the one with the least to do, as a load balancer chooses.

So one that is frozen gets no more than its share of those who wait, and the others go on.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random


class Balance:
    """Of all callers of a run; `pending` are requests that are not answered yet."""

    def __init__(self, gateways: Sequence[str]) -> None:
        self.pending = Counter(dict.fromkeys(gateways, 0))

    @contextmanager
    def gateway(self, random: Random) -> Iterator[str]:
        """The address of one, for as long as a request takes. Chance decides between equals."""
        least = min(self.pending.values())
        chosen = random.choice([url for url, count in self.pending.items() if count == least])
        self.pending[chosen] += 1
        try:
            yield chosen
        finally:
            self.pending[chosen] -= 1
