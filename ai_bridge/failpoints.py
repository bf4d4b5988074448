"""Places where a test can break a process: at a named point, at the n-th time it is reached."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping

ARMED, GROUND = "CHATSAAS_FAILPOINTS", "CHATSAAS_TEST_GROUND"


class NotOnTestGround(RuntimeError):
    """Failpoints were asked for outside the test ground."""


def reach(name: str) -> None:
    """Say that this point is reached. Does nothing unless a test has armed it.

    Armed by `CHATSAAS_FAILPOINTS`, a list as `before_commit:kill,after_commit:pause@2`: `kill`
    ends the process as SIGKILL does, `pause` holds the thread for ever, `stop` freezes the whole
    process until SIGCONT; `@2` means the second time only. Without `@` it happens every time.
    """
    if _armed:
        _hit(name)


def parse(text: str) -> dict[str, tuple[str, int]]:
    """The action and the hit (0: every one) by the point's name. Raises ValueError."""
    armed = {}
    for entry in filter(None, text.split(",")):
        name, _, rest = entry.strip().partition(":")
        action, _, hit = rest.partition("@")
        if not name or action not in ACTIONS or not (hit or "0").isdigit():
            known = ", ".join(ACTIONS)
            raise ValueError(f"{ARMED}: {entry!r} is not NAME:ACTION or NAME:ACTION@N ({known}).")
        armed[name] = (action, int(hit or "0"))
    return armed


def _hit(name: str) -> None:
    with _lock:
        _hits[name] += 1
        count = _hits[name]
    action, wanted = _armed.get(name, ("", 0))
    if action and wanted in (0, count):
        ACTIONS[action]()


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _pause() -> None:
    while True:
        time.sleep(3600)


def _stop() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def _read(environment: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    text = environment.get(ARMED, "")
    if text and environment.get(GROUND) != "1":
        raise NotOnTestGround(
            f"{ARMED} is set outside the test ground: it kills processes. Remove the variable."
        )
    return parse(text)


ACTIONS: dict[str, Callable[[], None]] = {"kill": _kill, "pause": _pause, "stop": _stop}
_armed = _read(os.environ)
_hits: Counter[str] = Counter()
_lock = threading.Lock()
