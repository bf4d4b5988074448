"""`manage.py` as people run it: a process of its own on the test ground."""

import subprocess
import sys

from tests.ground.environment import ROOT
from tests.ground.ground import Ground

SECONDS = 120


def manage(ground: Ground, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments, "--no-color"],
        cwd=ROOT,
        env={**ground.environment(), **variables},
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
