"""Ends what a run left that was itself killed: its folder is there, and nobody holds its lock."""

import fcntl
import shutil
from dataclasses import asdict
from pathlib import Path
from signal import SIGCONT, SIGKILL

from chatsaas.chaos.backing import Backing
from chatsaas.servers.places import choose_place
from chatsaas.servers.process import Process
from chatsaas.servers.runfile import read_private, write_private

RECORD = "{name}.process.json"
STOP_SECONDS = 5.0


def record_process(folder: Path, name: str, process: Process) -> None:
    """A file for each, as they are started side by side."""
    write_private(folder / RECORD.format(name=name), asdict(process))


def end_leftovers(scratch: Path) -> None:
    for folder in scratch.iterdir():
        if not (folder / "lock").exists():
            continue
        with (folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            _end(folder)
        shutil.rmtree(folder, ignore_errors=True)


def _end(folder: Path) -> None:
    for path in folder.glob(RECORD.format(name="*")):
        process = Process(**read_private(path))
        process.send(SIGCONT, wait=0)
        process.send(SIGKILL, wait=STOP_SECONDS)
    Backing(choose_place(folder), "", "", "").stop()
