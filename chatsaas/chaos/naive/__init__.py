"""The control that has to fail: no lease, no fence, no compare-and-set, and events sent carelessly.

Each module here refuses to be loaded unless the database carries chaos's own mark.
"""

import os
from typing import LiteralString

from ai_bridge.failpoints import GROUND
from ai_bridge.scratch import require_mark


class GuardMoved(RuntimeError):
    """The statement that holds a promise does not look as it did; mend the control."""


def require_scratch() -> None:
    """Raises NotScratch on any database but chaos's own."""
    url = os.environ.get("RUNNER_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
    require_mark(url, os.environ.get(GROUND, ""))


def without(statement: LiteralString, *guards: LiteralString) -> LiteralString:
    """The statement without these pieces. Raises GuardMoved when one is not in it."""
    for guard in guards:
        if guard not in statement:
            raise GuardMoved(f"This is not in the statement any more: {guard}")
        statement = statement.replace(guard, "")
    return statement
