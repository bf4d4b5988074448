"""Puts the demo on: servers, database, runner, gateway, worker, website, conversations."""

import os
from contextlib import ExitStack

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from chatsaas.demo import steps
from chatsaas.demo.processes import Parts, demo_parts
from chatsaas.demo.steps import Stage
from chatsaas.servers.supervise import servers

STEPS = 6


def open_stage(stage: Stage, stack: ExitStack) -> Parts:
    """Everything that has to run, healthy, when this returns; `stack` takes it down again."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<36}"),
        BarColumn(),
        MofNCompleteColumn(),
    )
    bars = stage.console.is_terminal
    with Progress(*columns, console=stage.console, disable=not bars) as progress:
        task = progress.add_task("", total=STEPS)

        def begin(step: str, done: int = 1) -> None:
            progress.update(task, advance=done, description=step)
            if not bars:
                # A log would get all bars at once, in the end.
                stage.console.print(step, highlight=False)

        begin("Starting PostgreSQL and Redis", done=0)
        os.environ.update(steps.environment(stage, stack.enter_context(servers(stage.state_dir))))
        begin("Preparing the database")
        steps.prepare_database()
        parts = stack.enter_context(demo_parts(stage.state_dir))
        begin("Making the customers")
        # They start while the customers are made: two cores, and imports are most of a start.
        started = steps.start_parts(stage, parts)
        kept = steps.make_customers(stage)
        begin("Waiting for runner, gateway and worker")
        for wait in started:
            wait()
        begin("Opening the customers' websites")
        steps.start_website(stage, stack, kept)
        begin("Letting the first visitors talk")
        steps.hold_conversations(stage, progress, kept)
        begin("Ready")
    steps.show_doors(stage, kept)
    return parts
