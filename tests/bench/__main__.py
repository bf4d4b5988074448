"""`make bench`: the product beside a plain service, in one run, as ratios."""

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from tests.ground.environment import environment


def main() -> int:
    console = Console()
    with environment(), tempfile.TemporaryDirectory(prefix="bench-") as folder:
        import django

        django.setup()
        # Django's settings must stand before anything below is imported.
        from tests.bench.report import show
        from tests.bench.rounds import measure

        with ExitStack() as stack:
            readings, growth = measure(stack, Path(folder), console)
        return show(console, readings, growth)


if __name__ == "__main__":
    sys.exit(main())
