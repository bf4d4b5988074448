"""How far a long command is, where nobody sees a bar."""

import io
import time

import pytest
from rich.console import Console

from chatsaas.terminal.progress import progress_of

PATIENCE = 60.0


@pytest.mark.parametrize("is_terminal", [False, True], ids=["log", "terminal"])
def test_a_log_gets_a_plain_line_now_and_then_and_a_terminal_its_bar(is_terminal: bool) -> None:
    said = io.StringIO()
    console = Console(file=said, force_terminal=is_terminal, width=200)
    with progress_of(10_000, "requests", console, line_every=0.01) as tell:
        tell("Searching", 1_234)
        end = time.monotonic() + PATIENCE
        while "1234/10000" not in said.getvalue() and time.monotonic() < end:
            if "s  Searching: 1,234 of 10,000 requests, " in said.getvalue():
                break
            time.sleep(0.01)
    assert ("1,234 of 10,000" in said.getvalue()) != is_terminal
    assert ("1234/10000" in said.getvalue()) == is_terminal
    assert ("\x1b" in said.getvalue()) == is_terminal
