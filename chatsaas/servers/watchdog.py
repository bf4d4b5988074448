"""`python -m chatsaas.servers.watchdog PID STARTED [STATE_DIR]`: outlives a process to tidy up.

When the process has ended, what carries its mark is killed; with a STATE_DIR, its servers are left
in its name instead, and stop if it was the last who used them.
"""

import sys
from pathlib import Path
from signal import SIGKILL

from chatsaas.servers.keeper import MARK, mark_of
from chatsaas.servers.process import PROC, Process, find_process
from chatsaas.servers.supervise import leave_servers

KILL_SECONDS = 5


def main() -> None:
    process = Process(int(sys.argv[1]), sys.argv[2])
    process.wait()
    for state_dir in map(Path, sys.argv[3:]):
        if state_dir.exists():
            leave_servers(state_dir, process)
    if len(sys.argv) == 3:
        _kill_marked(process)


def _kill_marked(process: Process) -> None:
    # Again and again: what is killed may just have started another.
    while found := _find_marked(process):
        for one in found:
            one.send(SIGKILL, wait=KILL_SECONDS)


def _find_marked(process: Process) -> list[Process]:
    mark = f"{MARK}={mark_of(process)}".encode()
    pids = [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]
    return [found for pid in pids if _is_marked(pid, mark) and (found := find_process(pid))]


def _is_marked(pid: int, mark: bytes) -> bool:
    try:
        return mark in (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return False


if __name__ == "__main__":
    main()
