"""Places where a test or chaos can break a process: at a named point, when it is reached."""

import os
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping

ARMED, GROUND, NEMESIS = "CHATSAAS_FAILPOINTS", "CHATSAAS_TEST_GROUND", "CHATSAAS_NEMESIS"
EVERYWHERE = "*"
ANSWER_SECONDS = 60


class NotOnTestGround(RuntimeError):
    """Failpoints were asked for outside the test ground."""


def reach(name: str) -> None:
    """Say that this point is reached. Does nothing unless a test or chaos has armed it.

    Armed by `CHATSAAS_FAILPOINTS`, a list as `before_commit:kill,after_commit:pause@2`: `kill`
    ends the process as SIGKILL does, `pause` holds the thread for ever, `stop` freezes the whole
    process until SIGCONT; `@2` means the second time only. Without `@` it happens every time.
    `*:ask` asks chaos's nemesis at every point, and waits there until it has done its worst.
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
    action, wanted = _armed.get(name) or _armed.get(EVERYWHERE) or ("", 0)
    if action and wanted in (0, count):
        ACTIONS[action](name)


def _kill(name: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _pause(name: str) -> None:
    while True:
        time.sleep(3600)


def _stop(name: str) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def _ask(name: str) -> None:
    """Whatever the nemesis does to this process or to its servers, it does while we stand here."""
    with _lock:
        try:
            line = _lines.get(os.getpid()) or _open_line()
            line.sendall(f"{name} {os.getpid()}\n".encode())
            line.recv(1)
        except OSError:
            # Chaos is over, or busy elsewhere: the process simply goes on.
            _lines.clear()


def _open_line() -> socket.socket:
    host, _, port = os.environ[NEMESIS].rpartition(":")
    line = socket.create_connection((host, int(port)), timeout=ANSWER_SECONDS)
    # By process: a child must not talk on its parent's line.
    _lines[os.getpid()] = line
    return line


def _read(environment: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    text = environment.get(ARMED, "")
    if not text:
        return {}
    # Only where something is armed: the runner's seam needs no database driver.
    from ai_bridge.scratch import NotScratch, require_mark

    url = environment.get("RUNNER_DATABASE_URL") or environment.get("DATABASE_URL", "")
    try:
        require_mark(url, environment.get(GROUND, ""))
    except NotScratch as error:
        raise NotOnTestGround(
            f"{ARMED} is set outside the test ground: it kills processes. Remove the variable."
        ) from error
    return parse(text)


ACTIONS: dict[str, Callable[[str], None]] = {
    "kill": _kill,
    "pause": _pause,
    "stop": _stop,
    "ask": _ask,
}
_lines: dict[int, socket.socket] = {}
_armed = _read(os.environ)
_hits: Counter[str] = Counter()
_lock = threading.Lock()
