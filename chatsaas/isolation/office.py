"""Where every answer is looked at, and what an isolation run counts."""

from collections import Counter
from dataclasses import dataclass, field

from chatsaas.isolation.canaries import Watch

# A gateway that was just killed answers nothing; that is no byte of anybody.
UNANSWERED = 0


@dataclass(frozen=True)
class Answer:
    """What one request of `owner` for `path` brought back: `output` is all of it, headers too."""

    door: str
    owner: str
    status: int
    output: bytes
    path: str = ""


@dataclass
class Office:
    """Counts by door. `leaks` says whose word stood in whose answer."""

    watch: Watch
    requests: Counter[str] = field(default_factory=Counter)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    telling: Counter[str] = field(default_factory=Counter)
    trespasses: Counter[str] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)

    def statuses_of(self, door: str) -> dict[int, int]:
        """How often each status was answered, by status; 0 stands for requests cut off."""
        return {code: n for (name, code), n in sorted(self.statuses.items()) if name == door}

    @property
    def total(self) -> int:
        return sum(self.requests.values())

    def take(self, answer: Answer) -> None:
        """An answer to the tenant's own business: its own word may be there, no other."""
        self.requests[answer.door] += 1
        self.statuses[answer.door, answer.status] += 1
        if answer.status == UNANSWERED:
            return
        self.search(f"{answer.door} {answer.path}", answer.output, answer.owner)
        if self.watch.holds(answer.output, answer.owner):
            self.telling[answer.door] += 1

    def take_trespass(self, answer: Answer) -> None:
        """An answer to somebody at another's door: success is a leak, whatever it says."""
        self.take(answer)
        if 200 <= answer.status < 300:
            self.trespasses[answer.door] += 1
            self.leaks.append(f"{answer.door}: {answer.owner} was let in (HTTP {answer.status})")

    def search(self, place: str, output: bytes, owner: str = "") -> None:
        """Output that no request asked for: a log, a metric, a stored value, a delivery."""
        for other, around in self.watch.foreign(output, owner).items():
            self.leaks.append(f"{place}: {owner or 'nobody'} may not read of {other}: {around}")
