"""The dashboard in a real browser, served by a real gateway, with a conversation to look at."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import DjangoDbBlocker

from tests.ground.browser import chromium_browser


@dataclass
class Desk:
    """A browser at a tenant's dashboard. `foreign` and `complaints` gather over all its pages.

    Who signs in as `operator` is at the operator's.
    """

    port: int
    emails: dict[str, str]
    password: str
    paths: dict[str, str]
    browser: Browser
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://acme.localhost:{self.port}"

    def base_of(self, role: str) -> str:
        return f"http://localhost:{self.port}" if role == "operator" else self.base

    @contextmanager
    def page(
        self, *, role: str = "owner", width: int = 1280, scheme: str = "light"
    ) -> Iterator[Page]:
        """A page of somebody who has just signed in by the form."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            base_url=self.base_of(role),
            permissions=["clipboard-read", "clipboard-write"],
        )
        page = context.new_page()
        page.on("request", lambda request: self._watch(request.url, self.base_of(role)))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )
        page.goto("/admin/")
        page.fill("input[name=login]", self.emails[role])
        page.fill("input[name=password]", self.password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/admin/")
        yield page
        context.close()

    def _watch(self, url: str, base: str) -> None:
        if not url.startswith((base, "data:", "blob:")):
            self.foreign.append(url)


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory, swept_server: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Desk]:
    # Not before Django is set up. The rows come first: the browser's driver keeps an event loop in
    # this thread, and Django refuses its database beside one.
    from tests.dashboard.office import PASSWORD, furnish
    from tests.ground.ground import open_ground

    folder: Path = tmp_path_factory.mktemp("desk")
    with django_db_blocker.unblock(), open_ground(folder) as ground, ground.gateway() as gateway:
        emails, paths = furnish()
        with chromium_browser() as browser:
            yield Desk(gateway.port, emails, PASSWORD, paths, browser)
