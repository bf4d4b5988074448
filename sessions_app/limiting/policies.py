"""Every limit in one table: whom it counts, how many, in how long, and why it is there.

One algorithm everywhere: the sliding window counter of the library `limits`, two small keys in
Redis for each counted thing, counted and compared in one script there. Without Redis a limit
neither opens nor closes: each process counts for itself, so a flood stays bounded (by the limit
times the number of processes) and no visitor is turned away because a server is down. What must
hold whatever happens to Redis, the tokens of one conversation, stands in the session's row.
"""

from dataclasses import dataclass, field

from django.conf import settings
from limits import RateLimitItem, RateLimitItemPerSecond

from tenants.plans import Plan

MINUTE, DAY = 60, 24 * 60 * 60


@dataclass(frozen=True)
class Policy:
    """At most `amount` in `seconds`, or what the tenant's plan says under the name `figure`.

    `is_told` says whether callers see how much is left: what counts all visitors of a website
    together is its owner's business.
    """

    name: str
    counts: str
    seconds: int
    amount: int = 0
    figure: str = ""
    is_told: bool = False
    why: str = field(default="", compare=False)

    def item(self, plan: Plan | None = None) -> RateLimitItem:
        """What is counted against; the factor is for load tests and for days of great rush."""
        amount = self.amount if plan is None or not self.figure else getattr(plan, self.figure)
        scaled = max(1, round(amount * settings.LIMITS_FACTOR))
        return RateLimitItemPerSecond(scaled, self.seconds, self.name)


VISITS = Policy(
    "visits",
    "token exchanges, sockets and event streams of one address",
    MINUTE,
    amount=600,
    is_told=True,
    why="an Origin can be forged, an address hardly; a whole office behind one address fits in",
)
ADDRESS = Policy(
    "address",
    "messages of one address, in all sessions",
    MINUTE,
    amount=1_200,
    is_told=True,
    why="new sessions must not be a way around the limit of a session",
)
VISITOR = Policy(
    "visitor",
    "messages of one identified visitor, in all sessions of a website",
    MINUTE,
    amount=240,
    is_told=True,
    why="the same for somebody who changes addresses; who is unknown counts by address",
)
SESSION = Policy(
    "session",
    "messages and edits of one session",
    MINUTE,
    amount=120,
    is_told=True,
    why="nobody types two messages a second for a minute",
)
SITE = Policy(
    "site",
    "messages of one website",
    MINUTE,
    amount=3_000,
    why="one website's flood leaves room for the tenant's others",
)
TENANT = Policy(
    "tenant",
    "messages of all websites of a tenant",
    MINUTE,
    figure="messages_per_minute",
    why="one tenant's flood leaves room for the others; the operator sets it",
)
REQUESTS = Policy(
    "requests",
    "requests with a tenant's secret keys",
    MINUTE,
    figure="requests_per_minute",
    is_told=True,
    why="a loop in an integration must not slow visitors down",
)
TURNS = Policy(
    "turns",
    "messages of one website in a day",
    DAY,
    figure="turns_per_day",
    why="a budget: what a customer ordered; open chats end with reason `limits`",
)
TOKENS = Policy(
    "tokens",
    "a model's tokens for one website in a day",
    DAY,
    figure="tokens_per_day",
    why="a budget: a model costs money; counted when a turn has ended, so turns under way pass",
)
FRAMES = Policy(
    "frames",
    "frames of one socket",
    10,
    amount=200,
    why="pings and typing cost no store, but parsing; the socket's own process counts them",
)
POLICIES = (
    VISITS,
    ADDRESS,
    VISITOR,
    SESSION,
    SITE,
    TENANT,
    REQUESTS,
    TURNS,
    TOKENS,
    FRAMES,
)
