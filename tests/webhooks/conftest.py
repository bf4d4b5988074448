"""One ground for a module; for each test a tenant whose post is empty, and a new endpoint."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

if TYPE_CHECKING:
    # Not before Django is set up.
    from tests.gateway.house import House
    from tests.webhooks.post import Post


@pytest.fixture(scope="module")
def furnished(
    tmp_path_factory: pytest.TempPathFactory, swept_server: None, django_db_blocker: DjangoDbBlocker
) -> Iterator["House"]:
    from tests.gateway.house import furnish
    from tests.ground.ground import open_ground

    folder: Path = tmp_path_factory.mktemp("post")
    with django_db_blocker.unblock(), open_ground(folder) as ground:
        yield furnish(ground)


@pytest.fixture
def post(furnished: "House", monkeypatch: pytest.MonkeyPatch) -> Iterator["Post"]:
    from sessions_app import relaying
    from tests.webhooks.post import Post
    from tests.webhooks.sink import open_sink

    # A run ends when nothing is left to do, however slow the machine.
    monkeypatch.setattr(relaying, "RELAY_SECONDS", 300.0)
    monkeypatch.setattr(settings, "OUTBOUND_ALLOWED_HOSTS", frozenset({"127.0.0.1"}))
    with open_sink() as sink:
        opened = Post(furnished.ground, sink, furnished.acme)
        yield opened
        opened.clear()
