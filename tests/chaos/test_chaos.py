"""`manage.py chaos` as a customer runs it, on servers of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.ground.environment import ROOT

SECONDS = 840


def test_a_hundred_sessions_survive_thirty_kills(tmp_path: Path) -> None:
    done = chaos(tmp_path, "--sessions", "100", "--kill-every", "3", "--least-kills", "30")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    report = report_in(tmp_path)
    assert report["kills"] >= 30
    assert report["recomputed"] == 500
    assert not any(report["counts"].values())
    assert "500 turns" in done.stdout.strip().splitlines()[-1]


def test_the_naive_control_fails_the_same_checker(tmp_path: Path) -> None:
    done = chaos(tmp_path, "--sessions", "12", "--kill-every", "5", "--naive")
    assert done.returncode == 1, done.stdout[-6000:] + done.stderr[-2000:]
    assert "BROKEN" in done.stdout.strip().splitlines()[-1]
    assert any(report_in(tmp_path)["counts"].values())


def chaos(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "chaos", "--turns", "5", *arguments]
    return subprocess.run(
        [*command, "--artefacts", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )


def report_in(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "report.json").read_text())
    return found
