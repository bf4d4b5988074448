"""How far a long command is: a bar on a terminal, and a line now and then in a log."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

LINE_SECONDS = 30.0
# The step that is done, and by how many more the work has grown since the last call.
Tell = Callable[[str, int], None]


class Rate(ProgressColumn):
    """Of late, a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed or 0:.0f}/s")


@contextmanager
def progress_of(
    total: int, what: str, console: Console, *, line_every: float = LINE_SECONDS
) -> Iterator[Tell]:
    """Shows the step and how much of `total` is done; `what` names it, as in "messages".

    Where the console is no terminal, a line says the same every `line_every` seconds, also when
    nothing goes on.
    """
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(what),
        Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        number = progress.add_task("", total=total)
        (task,) = progress.tasks
        with _lines(task, what, console, line_every):
            yield lambda step, more: progress.update(number, description=step, advance=more)


@contextmanager
def _lines(task: Task, what: str, console: Console, every: float) -> Iterator[None]:
    if console.is_terminal:
        yield
        return
    is_over = threading.Event()
    writing = threading.Thread(target=_write, args=(task, what, console, every, is_over))
    writing.start()
    try:
        yield
    finally:
        is_over.set()
        writing.join()


def _write(task: Task, what: str, console: Console, every: float, is_over: threading.Event) -> None:
    began, before = time.monotonic(), 0.0
    while not is_over.wait(every):
        rate, before = (task.completed - before) / every, task.completed
        console.print(
            f"{time.monotonic() - began:,.0f} s  {task.description}: {task.completed:,.0f} of "
            f"{task.total:,.0f} {what}, {rate:,.1f}/s of late",
            highlight=False,
            soft_wrap=True,
        )
