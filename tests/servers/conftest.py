"""Checkouts in folders of their own, with nothing left of them afterwards."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.checkout import Checkout, make_checkout

# Root tests both; an ordinary user can only be itself.
USERS = [None, "nobody"] if os.geteuid() == 0 else [None]


@pytest.fixture(params=USERS, ids=lambda user: user or "same user")
def checkout(request: pytest.FixtureRequest) -> Iterator[Checkout]:
    yield from _checkout(0o755, request.param)


@pytest.fixture
def closed_checkout() -> Iterator[Checkout]:
    """In a folder that no one else may enter, like root's home."""
    yield from _checkout(0o700, None)


def _checkout(mode: int, user: str | None) -> Iterator[Checkout]:
    # Not tmp_path: that lies in a folder that only its maker may enter.
    parent = Path(tempfile.mkdtemp(prefix="checkout-"))
    parent.chmod(mode)
    folder = parent / "chat saas"
    folder.mkdir(mode=0o755)
    checkout = make_checkout(folder, user)
    yield checkout
    checkout.remove()
    parent.rmdir()
