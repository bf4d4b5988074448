"""One gateway and runner for all that is hostile; its limits are counted and out of reach."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from pytest_django import DjangoDbBlocker

if TYPE_CHECKING:
    # Not before Django is set up.
    from tests.gateway.house import House


@pytest.fixture(scope="module")
def house(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    swept_server: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator["House"]:
    """A module may name the gateway's `APPLICATION`."""
    from tests.gateway.house import open_house

    folder = tmp_path_factory.mktemp("hostile")
    variables = {"LIMITS_FACTOR": "100000"}
    if application := getattr(request.module, "APPLICATION", ""):
        variables["application"] = application
    with django_db_blocker.unblock(), open_house(folder, **variables) as opened:
        yield opened
        log = next(one for one in opened.ground.processes if one.name == "gateway").said(10_000_000)
        for failure in ("Traceback", "Internal Server Error", "Exception in ASGI application"):
            assert failure not in log, log
