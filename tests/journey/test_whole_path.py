"""From a customer's web page to a proven document: the whole path, in a real browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import DjangoDbBlocker

from tests.ground.browser import chromium_browser

if TYPE_CHECKING:
    # Not before Django is set up.
    from tests.journey.demo import Town

# Path, and the words of the visitor that it has to highlight.
PROVEN = (
    ("name", "Dana Whitfield"),
    ("service", "new roof"),
    ("email", "dana@example.com"),
    ("property.street", "14 Alder Street"),
    ("property.city", "Springfield"),
    ("property.storeys", "3"),
    ("visit", "next Tuesday"),
    ("budget", "18000"),
)


@pytest.fixture
def town(
    tmp_path: Path, swept_server: None, django_db_blocker: DjangoDbBlocker
) -> Iterator["Town"]:
    from tests.journey.demo import open_town

    with django_db_blocker.unblock(), open_town(tmp_path) as opened:
        yield opened


@pytest.fixture
def browser(town: "Town") -> Iterator[Browser]:
    with chromium_browser() as opened:
        yield opened


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def context(browser: Browser, complaints: list[str]) -> BrowserContext:
    opened = browser.new_context(viewport={"width": 1280, "height": 860})
    opened.on("weberror", lambda error: complaints.append(str(error.error)))
    opened.on(
        "console", lambda said: complaints.append(said.text) if said.type == "error" else None
    )
    return opened


def say(page: Page, text: str) -> None:
    """Type it, send it, and wait for the whole answer."""
    answers = page.locator(".log .assistant .bubble")
    before = answers.count()
    page.locator("textarea").fill(text)
    page.keyboard.press("Enter")
    expect(answers).to_have_count(before + 1)


def chat_until_complete(page: Page) -> None:
    page.get_by_role("button", name="Chat with Acme Roofing").click()
    expect(page.locator(".log .bubble")).to_have_count(1)
    say(page, "Hi, I'm Dana Whitfield and I need a new roof")
    say(page, "dana@example.com")
    say(page, "skip")
    say(page, "14 Alder Street")
    reload_in_the_middle(page)
    say(page, "Springfield")
    say(page, "2 storeys")
    say(page, "Actually, make that 3 storeys")
    say(page, "next Tuesday")
    say(page, "18000")
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("heading", name="All done, thank you")).to_be_visible()


def reload_in_the_middle(page: Page) -> None:
    before = page.locator(".log .bubble").all_inner_texts()
    page.reload()
    expect(page.locator(".log .bubble")).to_have_text(before)


def sign_in(page: Page, town: "Town", email: str) -> None:
    page.goto(town.dashboard)
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", town.seeded.password)
    page.get_by_role("button", name="Sign in").click()


def open_the_transcript(page: Page) -> None:
    page.goto(f"{page.url.partition('/admin/')[0]}/admin/sessions_app/session/")
    page.locator("a", has_text="Dana Whitfield").first.click()
    expect(page.get_by_role("heading", name="Conversation", exact=True)).to_be_visible()


def highlighted(page: Page, path: str) -> list[str]:
    """The words that light up for a value, which is then let go again."""
    value = page.locator(f"[data-path='{path}'] .cs-now .cs-value")
    value.click()
    words = page.locator(".cs-mark-on").all_text_contents()
    value.click()
    return words


def test_a_visitor_fills_the_template_and_staff_see_every_value_in_its_message(
    town: "Town", context: BrowserContext, complaints: list[str]
) -> None:
    from tests.journey.demo import OWNER

    page = context.new_page()
    page.goto(town.website)
    chat_until_complete(page)

    sign_in(page, town, OWNER)
    open_the_transcript(page)
    assert {path: highlighted(page, path) for path, _ in PROVEN} == {
        path: [words] for path, words in PROVEN
    }
    history = page.locator("[data-path='property.storeys'] .cs-old")
    expect(history).to_contain_text("2")
    assert complaints == []


def test_the_second_customers_people_cannot_sign_in_here(
    town: "Town", context: BrowserContext
) -> None:
    page = context.new_page()
    sign_in(page, town, "owner@harbor-dental.example")
    expect(page.locator("input[name=password]")).to_be_visible()
    page.goto(town.dashboard)
    expect(page.locator("input[name=password]")).to_be_visible()
