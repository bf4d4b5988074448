"""The isolation command, small: eight tenants on servers of their own, and its control."""

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from chatsaas.isolation.canaries import Watch, make_canaries
from chatsaas.isolation.doors.balance import Balance
from chatsaas.servers.served import ROOT

# The control ends with the first leak; the number is for a machine on which that takes long.
REQUESTS, NAIVE_REQUESTS, SECONDS = 900, 20_000, 1200


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
    status, report = isolation(tmp_path, 11, REQUESTS, "--fault-every", "4")
    assert report["leaks"] == []
    assert report["silent_doors"] == []
    assert report["columns_without"] == []
    assert report["total"] >= REQUESTS
    assert status == 0


def test_a_gateway_that_keeps_the_tenant_on_the_connection_is_caught(tmp_path: Path) -> None:
    status, report = isolation(tmp_path, 12, NAIVE_REQUESTS, "--naive")
    assert report["leaks"]
    assert status == 1


def test_callers_leave_a_gateway_alone_that_does_not_answer() -> None:
    balance, random = Balance(["first", "second"]), Random(7)
    with ExitStack() as waiting:
        frozen = waiting.enter_context(balance.gateway(random))
        for _ in range(100):
            with balance.gateway(random) as asked:
                assert asked != frozen


def zipped(text: bytes) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("sheet.xml", text * 3)
    return b"Content-Type: a workbook\n\n" + file.getvalue()


HIDINGS: dict[str, Callable[[str], bytes]] = {
    "plain": lambda word: word.encode(),
    "as a name": lambda word: f"a <b>{word.title()}</b> c".encode(),
    "in JSON": lambda word: json.dumps({"x": [word]}).encode(),
    "in a workbook": lambda word: zipped(word.encode()),
    "as bytes of a database": lambda word: b"\\x00" + word.encode().hex().encode(),
    "in base64": lambda word: b64encode(word.encode()),
    "in base64 after one byte": lambda word: b64encode(f'"{word.title()}" and more'.encode()),
    "in base64 after two bytes": lambda word: b64encode(f'["{word}"]'.encode()),
}


@pytest.mark.parametrize("hidden", HIDINGS.values(), ids=HIDINGS.keys())
def test_a_foreign_word_is_found_in_whatever_wrapping(hidden: Callable[[str], bytes]) -> None:
    mine, other, *_ = canaries = make_canaries(5)
    watch = Watch(canaries)
    output = mine.word.encode() + b" and " + hidden(other.word)
    assert list(watch.look(output, mine.slug).foreign) == [other.slug]
    assert not watch.look(hidden(other.word), other.slug).foreign
    assert list(watch.look(hidden(other.word)).foreign) == [other.slug]
