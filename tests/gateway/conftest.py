"""The gateway as visitors meet it: a real process, a real runner, two customers with a website."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django import DjangoDbBlocker

if TYPE_CHECKING:
    # Not before Django is set up.
    from tests.gateway.house import House


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, swept_server: None, django_db_blocker: DjangoDbBlocker
) -> Iterator["House"]:
    """One house for a module's tests: each of them talks in sessions of its own."""
    from tests.gateway.house import open_house

    folder: Path = tmp_path_factory.mktemp("house")
    with django_db_blocker.unblock(), open_house(folder) as opened:
        yield opened
