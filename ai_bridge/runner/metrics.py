"""What the runner counts. No label names a thread, a template or a customer: it knows none."""

import time

from prometheus_client import Counter, Gauge, Histogram

_BEGUN = time.monotonic()

TURNS = Counter(
    "runner_turns",
    "Turns by their outcome: done, or the code of the refusal.",
    ["outcome"],
)
REPLAYS = Counter("runner_replays", "Repeated requests that got their recorded result.")
TURN_SECONDS = Histogram(
    "runner_turn_seconds",
    "From the request of a turn to its answer.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20),
)
COLD_STARTS = Counter("runner_cold_starts", "Processes that were started.")
COLD_START_SECONDS = Gauge(
    "runner_cold_start_seconds",
    "From the first import to the readiness of the newest process.",
    multiprocess_mode="mostrecent",
)


def record_cold_start() -> None:
    COLD_STARTS.inc()
    COLD_START_SECONDS.set(time.monotonic() - _BEGUN)
