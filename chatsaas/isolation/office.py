"""Where every answer is looked at, and what an isolation run counts."""

from collections import Counter
from dataclasses import dataclass, field

from chatsaas.isolation.canaries import Watch

# A gateway that was just killed answers nothing; that is no byte of anybody.
UNANSWERED = 0
TOO_MANY, FAILED = 429, 500
# What the product sends by itself: nobody asked for it.
DELIVERIES = ("webhook", "mail")
# Enough to see what is wrong; a run that leaks everywhere must not fill the memory.
MOST_LEAKS = 1000


@dataclass(frozen=True)
class Answer:
    """What one request of `owner` for `path` brought back: `output` is all of it, headers too.

    `is_shared` when a cache between here and there might keep it for others.
    """

    door: str
    owner: str
    status: int
    output: bytes
    path: str = ""
    is_shared: bool = False

    @property
    def is_real(self) -> bool:
        """Whether the door was open: neither cut off nor refused for want of strength."""
        return self.status not in (UNANSWERED, TOO_MANY) and self.status < FAILED


@dataclass
class Office:
    """Counts by door; `requests` are those that were really answered.

    `leaks` says whose word stood in whose answer.
    """

    watch: Watch
    requests: Counter[str] = field(default_factory=Counter)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    telling: Counter[str] = field(default_factory=Counter)
    trespasses: Counter[str] = field(default_factory=Counter)
    told: set[str] = field(default_factory=set)
    leaks: list[str] = field(default_factory=list)
    total: int = 0

    @property
    def cut_off(self) -> int:
        """Requests that got no answer, or were refused for want of strength."""
        return sum(self.statuses.values()) - sum(self.requests.values())

    def statuses_of(self, door: str) -> dict[int, int]:
        """How often each status was answered, by status; 0 stands for requests cut off."""
        return {code: n for (name, code), n in sorted(self.statuses.items()) if name == door}

    def take(self, answer: Answer) -> None:
        """An answer to the tenant's own business: its own word may be there, no other."""
        self.statuses[answer.door, answer.status] += 1
        if answer.is_real:
            self.requests[answer.door] += 1
            self.total += answer.door not in DELIVERIES
        if answer.status != UNANSWERED:
            self._look_at(answer)

    def _look_at(self, answer: Answer) -> None:
        place = f"{answer.door} {answer.path}"
        is_own = self.search(place, answer.output, answer.owner)
        if not is_own:
            return
        self.telling[answer.door] += 1
        if answer.is_shared:
            self.leak(f"{place}: a shared cache may keep what {answer.owner} read")

    def take_trespass(self, answer: Answer) -> None:
        """An answer to somebody at another's door: success is a leak, whatever it says."""
        self.take(answer)
        if 200 <= answer.status < 300:
            self.trespasses[answer.door] += 1
            self.leak(f"{answer.door}: {answer.owner} was let in (HTTP {answer.status})")

    def take_delivery(self, door: str, owner: str, output: bytes) -> None:
        """What the product sent by itself to somebody whom only the owner knows."""
        self.told.add(owner)
        self.take(Answer(door, owner, 200, output))

    def search(self, place: str, output: bytes, owner: str = "") -> bool:
        """Whether the owner's own word is in it. A word of another is a leak.

        Of output that no request asked for, too: a log, a metric, a stored value.
        """
        seen = self.watch.look(output, owner)
        for other, around in seen.foreign.items():
            self.leak(f"{place}: {owner or 'nobody'} may not read of {other}: {around}")
        return seen.is_own

    def leak(self, what: str) -> None:
        if len(self.leaks) < MOST_LEAKS:
            self.leaks.append(what)
