"""The isolation command, small: eight tenants on servers of their own, and its control."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chatsaas.isolation.canaries import Watch, make_canaries
from chatsaas.servers.served import ROOT

REQUESTS, NAIVE_REQUESTS, SECONDS = 900, 500, 420


def isolation(folder: Path, seed: int, requests: int, *options: str) -> tuple[int, dict[str, Any]]:
    """Its exit status and its report."""
    command = (sys.executable, "manage.py", "isolation", "--folder", str(folder))
    figures = ("--requests", str(requests), "--seed", str(seed))
    done = subprocess.run(
        [*command, *figures, *options], cwd=ROOT, capture_output=True, text=True, timeout=SECONDS
    )
    report = folder / "report.json"
    assert report.exists(), done.stdout[-3000:] + done.stderr[-3000:]
    found: dict[str, Any] = json.loads(report.read_text())
    return done.returncode, found


def test_no_byte_of_eight_busy_tenants_reaches_another(tmp_path: Path) -> None:
    status, report = isolation(tmp_path, 11, REQUESTS)
    assert report["leaks"] == []
    assert report["silent_doors"] == []
    assert report["columns_without"] == []
    assert sum(report["requests"].values()) >= REQUESTS
    assert status == 0


def test_a_gateway_that_keeps_the_tenant_on_the_connection_is_caught(tmp_path: Path) -> None:
    status, report = isolation(tmp_path, 12, NAIVE_REQUESTS, "--naive")
    assert report["leaks"]
    assert status == 1


@pytest.mark.parametrize("hidden", ["{0}", "{1}", "a <b>{1}</b> c", '{{"x":"{0}"}}'])
def test_a_foreign_word_is_found_in_whatever_case_and_wrapping(hidden: str) -> None:
    mine, other, *_ = canaries = make_canaries(5)
    output = hidden.format(other.word, other.word.title()).encode()
    assert list(Watch(canaries).look(output, mine.slug).foreign) == [other.slug]
    assert not Watch(canaries).look(output, other.slug).foreign
