"""What the gateway and the worker count. Labels are bounded: no tenant, site, session or text.

A tenant's name in a label would make as many series as there are customers, for ever, and show
every reader of the metrics who they are; the logs carry the tenant of each line instead.
"""

import math

from prometheus_client import Counter, Gauge, Histogram

from ai_bridge.contract import Done
from tenants.due import overdue
from tenants.models import Due

TURN_SECONDS_BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40)

TURNS = Counter(
    "chat_turns",
    "Drives of a turn by their outcome: done, failed, taken_over, postponed, hung.",
    ["outcome"],
)
TURN_SECONDS = Histogram(
    "chat_turn_seconds",
    "From the claim of a turn to its recorded answer.",
    buckets=TURN_SECONDS_BUCKETS,
)
DEGRADED = Counter("chat_degraded_turns", "Turns that rules answered because the model did not.")
TOKENS = Counter("chat_model_tokens", "Tokens that models used, by direction.", ["direction"])
REPLAYS = Counter("chat_replays", "Repeated inputs that got their recorded answer.")
STALE_FENCES = Counter("chat_stale_fences", "Drives that ended because another had taken over.")
HEALS = Counter("chat_heals", "Threads that the runner had lost and that were rebuilt.")
LEASE_EXPIRIES = Counter("chat_lease_expiries", "Turns that the sweeper found without a driver.")
DEAD_LETTERS = Counter("chat_dead_letters", "Turns given up; each needs a person.")
SOCKETS = Gauge("chat_sockets", "Sockets that are open.", multiprocess_mode="livesum")
RESUMES = Counter(
    "chat_resumes", "Sockets that came back: continued, or told to resync.", ["outcome"]
)
ERASED_VALUES = Counter("chat_erased_values", "Changes of fields erased when their time was over.")
FORGOTTEN_DELIVERIES = Counter(
    "chat_forgotten_deliveries", "Deliveries removed long after they had ended."
)
LIMITED = Counter("chat_rate_limited", "Refusals by a limit, by its name.", ["policy"])
DUE_LAG = Gauge(
    "chat_due_lag_seconds",
    "How late the oldest due work is: of sessions, and of webhooks (the age of the outbox). "
    "NaN while the database cannot be asked.",
    ["kind"],
    multiprocess_mode="mostrecent",
)
DUE_ROWS = Gauge(
    "chat_due_rows", "How much work is due by its kind.", ["kind"], multiprocess_mode="mostrecent"
)


def count_answer(done: Done, seconds: float) -> None:
    TURNS.labels("done").inc()
    TURN_SECONDS.observe(seconds)
    DEGRADED.inc(done.degraded)
    TOKENS.labels("input").inc(done.usage.input_tokens)
    TOKENS.labels("output").inc(done.usage.output_tokens)


def count_given_up() -> None:
    TURNS.labels("failed").inc()
    DEAD_LETTERS.inc()


def count_taken_over() -> None:
    TURNS.labels("taken_over").inc()
    STALE_FENCES.inc()


def measure_due() -> None:
    """Two cheap queries of the shared table, at each scrape. Runs in the shared scope."""
    for kind in Due.Kind:
        seconds, count = overdue(kind)
        DUE_LAG.labels(kind.value).set(seconds)
        DUE_ROWS.labels(kind.value).set(count)


def forget_due() -> None:
    """What is not known is not told: an old figure would look like health."""
    for kind in Due.Kind:
        DUE_LAG.labels(kind.value).set(math.nan)
        DUE_ROWS.labels(kind.value).set(math.nan)
