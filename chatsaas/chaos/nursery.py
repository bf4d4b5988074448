"""`python -m chatsaas.chaos.nursery WHAT...`: loads once, and forks the processes asked for.

A process that is killed every few seconds would spend the whole run on imports. WHAT is a module,
or `module:function` to call. Every line of standard input orders one process: `arguments` as after
`python -m`, its `log`, and its `environment` where that is another than the nursery's. It answers
with the pid: a session leader of its own, which runs just what the command would run, with
everything loaded already. Ends with its standard input.
"""

import gc
import json
import os
import runpy
import signal
import sys
import threading
from importlib import import_module
from typing import Any


def main() -> None:
    for what in sys.argv[1:]:
        _load(what)
    if threading.active_count() > 1:
        raise RuntimeError(f"Cannot be forked, threads run: {threading.enumerate()}")
    gc.collect()
    gc.freeze()
    # Whoever ends is forgotten at once: nobody waits for it here.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    if order := _await_order():
        _become(**order)


def _load(what: str) -> None:
    module, _, function = what.partition(":")
    loaded = import_module(module)
    if function:
        getattr(loaded, function)()


def _await_order() -> dict[str, Any] | None:
    """In the child its order; None in the parent, when there are no more."""
    # Not by lines of `sys.stdin`: a child would inherit what is read ahead.
    while line := _read_line():
        if os.fork() == 0:
            order: dict[str, Any] = json.loads(line)
            return order
    return None


def _read_line() -> bytes:
    line = b""
    while not line.endswith(b"\n") and (byte := os.read(0, 1)):
        line += byte
    return line


def _become(arguments: list[str], log: str, environment: dict[str, str] | None = None) -> None:
    """Returns when the program ends by itself."""
    os.setsid()
    if environment is not None:
        os.environ.clear()
        os.environ.update(environment)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.write(1, b"%d\n" % os.getpid())
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (written, 1), (written, 2)):
        os.dup2(source, target)
    sys.argv = list(arguments)
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
