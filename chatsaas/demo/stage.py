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
    with Progress(*columns, console=stage.console) as progress:
        task = progress.add_task("Starting PostgreSQL and Redis", total=STEPS)

        def begin(step: str) -> None:
            progress.update(task, advance=1, description=step)

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
