"""From `make demo` and a customer's web page to a proven document: the whole path, in a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from chatsaas.servers.process import wait_until
from tests.ground.browser import chromium_browser
from tests.journey.demo import Demo, demo_folder

OWNER, STRANGER = "owner@acme-roofing.example", "owner@harbor-dental.example"
FIRST = "Hi, I'm Nora Finch and I need a new roof"
STREET, DAY = "14 Alder Street", "next Tuesday"
CORRECTION = "Actually, make that 3 storeys"
# Path, the words of the visitor that it has to highlight, and the message that they stand in.
PROVEN = {
    "name": ("Nora Finch", FIRST),
    "service": ("new roof", FIRST),
    "email": ("nora@example.com", "nora@example.com"),
    "property.street": (STREET, STREET),
    "property.city": ("Springfield", "Springfield"),
    "property.storeys": ("3", CORRECTION),
    "visit": (DAY, DAY),
    "budget": ("18000", "18000"),
}
SECONDS = 60


@pytest.fixture
def demo() -> Iterator[Demo]:
    with demo_folder() as opened:
        opened.start()
        yield opened


@pytest.fixture
def browser() -> Iterator[Browser]:
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
    for text in (FIRST, "nora@example.com", "skip", STREET):
        say(page, text)
    reload_in_the_middle(page)
    for text in ("Springfield", "2 storeys", CORRECTION, DAY, "18000"):
        say(page, text)
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("heading", name="All done, thank you")).to_be_visible()


def reload_in_the_middle(page: Page) -> None:
    before = page.locator(".log .bubble").all_inner_texts()
    page.reload()
    expect(page.locator(".log .bubble")).to_have_text(before)


def sign_in(page: Page, demo: Demo, email: str) -> None:
    page.goto(demo.door(OWNER))
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", demo.password)
    page.get_by_role("button", name="Sign in").click()


def open_the_transcript(page: Page) -> None:
    page.wait_for_url("**/admin/")
    page.goto(f"{page.url}sessions_app/session/")
    page.locator("a", has_text="Nora Finch").click()
    expect_the_transcript(page)


def expect_the_transcript(page: Page) -> None:
    expect(page.get_by_role("heading", name="Conversation", exact=True)).to_be_visible()
    expect(page.locator(".cs-bubble", has_text=FIRST)).to_be_visible()


def highlighted(page: Page, path: str) -> list[tuple[str, str]]:
    """What lights up for a value, which is then let go again, and the message around it."""
    value = page.locator(f"[data-path='{path}'] .cs-now .cs-value")
    value.click()
    lit: list[list[str]] = page.locator(".cs-mark-on").evaluate_all(
        "marks => marks.map(mark => [mark.textContent, mark.closest('.cs-bubble').textContent])"
    )
    value.click()
    return [(words, message) for words, message in lit]


def test_a_stranger_puts_the_demo_on_chats_and_reads_the_words_behind_every_value(
    demo: Demo, context: BrowserContext, complaints: list[str]
) -> None:
    page = context.new_page()
    page.goto(demo.door("Acme Roofing's website"))
    chat_until_complete(page)

    sign_in(page, demo, STRANGER)
    expect(page.get_by_role("alert")).to_be_visible()
    sign_in(page, demo, OWNER)
    open_the_transcript(page)
    assert {path: highlighted(page, path) for path in PROVEN} == {
        path: [proof] for path, proof in PROVEN.items()
    }
    history = page.locator("[data-path='property.storeys'] .cs-old")
    expect(history).to_contain_text("2")
    assert complaints == []

    assert len(demo.processes()) > 5
    assert demo.press_ctrl_c() == 0
    assert wait_until(lambda: demo.processes() == [], SECONDS), demo.processes()
    # The second start has the data: even who was signed in still is.
    demo.start()
    page.reload()
    expect_the_transcript(page)
