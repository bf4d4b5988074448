"""What the clients saw, as JSON lines in the order in which they saw it."""

import json
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self


class History:
    """One line an operation: `at` in seconds since the start, `op`, and what belongs to it.

    `invoke` says that a message leaves; `ack`, `reply`, `refused` and `unknown` how that went;
    `event` is a stored event as one tab got it.
    """

    def __init__(self, path: Path) -> None:
        self._stream = path.open("w")
        self._start = time.monotonic()

    def write(self, op: str, **known: Any) -> None:
        row = {"at": round(time.monotonic() - self._start, 4), "op": op, **known}
        self._stream.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")

    def flush(self) -> None:
        self._stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stream.close()
