"""What the gateway and the worker count. Labels are bounded: no tenant, site, session or text.

A tenant's name in a label would make as many series as there are customers, for ever, and show
every reader of the metrics who they are; the logs carry the tenant of each line instead.
"""

from prometheus_client import Counter, Gauge, Histogram

TURN_SECONDS_BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40)

TURNS = Counter(
    "chat_turns",
    "Drives of a turn by their outcome: done, failed for good, taken over by another, postponed.",
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
LIMITED = Counter("chat_rate_limited", "Refusals by a limit, by its name.", ["policy"])
