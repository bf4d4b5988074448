"""The widget against the real gateway and runner, from a customer's page on another origin."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import DjangoDbBlocker

from tests.widget.conftest import DESK, snippet_page
from tests.widget.wire import CustomerWebsite, serving

if TYPE_CHECKING:
    # Not before Django is set up.
    from tests.gateway.house import House


@pytest.fixture
def website() -> Iterator[tuple[CustomerWebsite, str]]:
    """A customer's website, and its origin."""
    website = CustomerWebsite()
    with serving(website.app()) as origin:
        yield website, origin


@pytest.fixture
def house(
    tmp_path: Path,
    website: tuple[CustomerWebsite, str],
    swept_server: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator["House"]:
    """The processes, with this website allowed.

    In a thread beside: Django refuses to work in this one, where the browser's driver has its loop.
    """
    stack = ExitStack()
    with django_db_blocker.unblock(), ThreadPoolExecutor(1) as beside:
        yield beside.submit(furnish, stack, tmp_path, website[1]).result()
        beside.submit(stack.close).result()


def furnish(stack: ExitStack, folder: Path, origin: str) -> "House":
    from tenants.scope import tenant_scope
    from tests.gateway.house import open_house

    house = stack.enter_context(open_house(folder))
    with tenant_scope(house.acme.schema):
        house.acme.website.allowed_origins = [origin]
        house.acme.website.save(update_fields=["allowed_origins"])
    return house


@pytest.fixture
def page(chromium: Browser, house: "House", website: tuple[CustomerWebsite, str]) -> Iterator[Page]:
    """A visitor on the website of `acme`, with the panel open."""
    pages, origin = website
    host = house.url
    pages.pages["/"] = snippet_page(host, f'data-site="{house.acme.key}"')
    socket = host.replace("http", "ws")
    pages.policy = f"default-src 'none'; script-src {host}; connect-src {host} {socket}"
    context = chromium.new_context(viewport=DESK)
    opened = context.new_page()
    opened.goto(f"{origin}/")
    opened.locator(".launcher").click()
    yield opened
    context.close()


def say(page: Page, text: str) -> None:
    page.locator("textarea").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(".log .visitor .bubble", has_text=text)).to_have_count(1)


def test_a_visitor_completes_the_intake_with_a_reload_in_the_middle(page: Page) -> None:
    expect(page.locator(".log .bubble")).to_have_text(["Hi! What can we do for your roof?"])
    say(page, "Hello there")
    page.get_by_role("button", name="New roof").click()
    expect(page.locator(".log .assistant")).to_have_count(3)
    before = page.locator(".log .bubble").all_inner_texts()
    page.reload()
    expect(page.locator(".log .bubble")).to_have_text(before)
    say(page, "My name is Ann Rivera and my e-mail is ann@example.com")
    expect(page.get_by_role("heading", name="All done, thank you")).to_be_visible()
    expect(page.locator(".count")).to_have_text("3 of 3")


def test_a_second_tab_is_told_what_the_first_one_says(page: Page) -> None:
    say(page, "a repair please")
    second = page.context.new_page()
    second.goto(page.url)
    second.locator(".launcher").click()
    expect(second.locator(".log .visitor .bubble")).to_have_text(["a repair please"])
    say(second, "I am Ann Rivera")
    expect(page.locator(".log .visitor .bubble")).to_have_text(
        ["a repair please", "I am Ann Rivera"]
    )
    expect(page.locator(".log .assistant")).to_have_count(3)
    assert (
        page.locator(".log .bubble").all_inner_texts()
        == second.locator(".log .bubble").all_inner_texts()
    )
