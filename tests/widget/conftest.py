"""A customer's website with the widget, in a real browser."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.ground.browser import chromium_browser
from tests.widget.wire import SITE, CustomerWebsite, WireGateway, serving

DESK = ViewportSize(width=1200, height=860)


def snippet_page(host: str, options: str, body: str = "") -> str:
    """A customer's page with the snippet at its end."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Rivera Roofing</title></head><body><main><h1>Roofs</h1>{body}"
        '<p><a href="#more">More</a></p></main>'
        f'<script async src="{host}/w/v1/loader.js" {options}></script></body></html>'
    )


@dataclass
class Stage:
    """The gateway, the website, and a browser to visit it with."""

    gateway: WireGateway
    website: CustomerWebsite
    host: str
    origin: str
    browser: Browser
    complaints: list[str] = field(default_factory=list)

    @property
    def policy(self) -> str:
        """What the documentation tells a site to allow, and nothing else."""
        socket = self.host.replace("http", "ws")
        return f"default-src 'none'; script-src {self.host}; connect-src {self.host} {socket}"

    def publish(self, body: str = "", options: str = f'data-site="{SITE}"') -> None:
        """Put up the page, with the snippet at its end."""
        self.website.pages["/"] = snippet_page(self.host, options, body)

    def context(self, **options: object) -> BrowserContext:
        return self.browser.new_context(**{"viewport": DESK, **options})  # type: ignore[arg-type]

    def visit(self, context: BrowserContext | None = None) -> Page:
        page = (context or self.context()).new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )
        page.goto(f"{self.origin}/")
        return page

    def chat(self, context: BrowserContext | None = None) -> Page:
        """A page with the panel open."""
        page = self.visit(context)
        page.locator(".launcher").click()
        page.locator("textarea").wait_for()
        return page


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Not for longer than a module: its driver keeps an event loop running in this thread."""
    with chromium_browser() as browser:
        yield browser


@pytest.fixture
def stage(chromium: Browser) -> Iterator[Stage]:
    gateway, website = WireGateway(), CustomerWebsite()
    with serving(gateway.app()) as host, serving(website.app()) as origin:
        opened = Stage(gateway, website, host, origin, chromium)
        website.policy = opened.policy
        opened.publish()
        yield opened
        for context in chromium.contexts:
            context.close()
