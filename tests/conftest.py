"""Puts every test on the test ground. A test that wants a database asks for `ground`."""

import os
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from chatsaas.servers.keeper import marked
from tests.ground.environment import environment

if TYPE_CHECKING:
    # Not before Django is set up.
    from tests.ground.ground import Ground

LONGEST = (
    "tests/chaos/test_chaos.py",
    "tests/isolation/",
    "tests/faults/test_killed_processes.py",
    "tests/faults/",
)
_open = ExitStack()
_given = dict(os.environ)


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    # Before pytest-django sets Django up: the settings want to know their servers.
    _open.enter_context(environment())
    assert os.environ["REDIS_URL"] == settings.REDIS_URL, "The settings were read too early."


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    # A worker makes an environment of its own; this process's would get into its settings first.
    os.environ.clear()
    # Yet the workers are to end with this process, if it is killed.
    os.environ.update(_given, **marked())


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    _open.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest come first, so that not one of them alone is left in the end."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    places = (place for place, long in enumerate(LONGEST) if item.nodeid.startswith(long))
    return next(places, len(LONGEST))


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The stock fixtures would roll back what other processes are to see."""
    raise pytest.UsageError("Ask for the fixture `ground` instead of `db` or the mark django_db.")


@pytest.fixture(scope="session")
def swept_server() -> None:
    from tests.ground.database import drop_leftovers

    drop_leftovers()


@pytest.fixture
def ground(
    tmp_path: Path, swept_server: None, django_db_blocker: DjangoDbBlocker
) -> Iterator["Ground"]:
    """A database of this test's own, empty Redis, and starters of real processes."""
    from tests.ground.ground import open_ground

    with django_db_blocker.unblock(), open_ground(tmp_path) as opened:
        yield opened


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failing test shows what the processes said of every ground that is open."""
    report = yield
    if report.failed:
        from tests.ground.ground import open_grounds

        said = [served for opened in open_grounds for served in opened.processes]
        report.sections += [(f"log of {served.name}", served.said()) for served in said]
    return report
