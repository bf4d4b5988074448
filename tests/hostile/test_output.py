"""Whatever anybody says or is called, it is shown as text: no script runs, no cell computes."""

import csv
import io
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Browser, Page, expect
from pytest_django import DjangoDbBlocker

from chatsaas.servers.process import wait_until
from tests.dashboard.office import PASSWORD
from tests.ground.browser import chromium_browser
from tests.hostile.corpora import formulas, markup
from tests.hostile.scene import EVIL, Scene, open_scene
from tests.hostile.scripts import PLANT, PLANTED, watched
from tests.widget.conftest import snippet_page
from tests.widget.wire import CustomerWebsite, serving

PATIENCE = 60_000
LINE = 7_000
# Written apart from the product's own: what any spreadsheet takes for the beginning of a formula.
BLANK = r"[\s\u200b-\u200f\u2060\ufeff]*"
COMPUTES = re.compile(rf"^{BLANK}[=+\-@＝＋－﹣−＠﹫]|[;\t\r\n]{BLANK}[=+\-@＝＋－﹣−＠﹫]")


@dataclass(frozen=True)
class Stage:
    scene: Scene
    website: CustomerWebsite
    origin: str
    browser: Browser

    @property
    def dashboard(self) -> str:
        return self.scene.house.url.replace("127.0.0.1", "acme.localhost")


@pytest.fixture(scope="module")
def stage(
    tmp_path_factory: pytest.TempPathFactory, swept_server: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Stage]:
    """Processes, a customer's website of another origin, and a browser.

    Django works in a thread beside: it refuses to work where the browser's driver has its loop.
    """
    website, stack = CustomerWebsite(), ExitStack()
    folder: Path = tmp_path_factory.mktemp("output")
    with (
        django_db_blocker.unblock(),
        ThreadPoolExecutor(1) as beside,
        serving(website.app()) as origin,
    ):
        scene = beside.submit(lambda: stack.enter_context(open_scene(folder, origin))).result()
        with chromium_browser() as browser:
            yield Stage(scene, website, origin, browser)
        beside.submit(stack.close).result()


def letters() -> list[str]:
    """The same texts as few long messages."""
    found = [""]
    for text in markup():
        if len((found[-1] + text).encode()) > LINE:
            found.append("")
        found[-1] += f"{text}\n"
    return [letter.strip() for letter in found if len(letter.encode()) < 8_000]


def test_the_widget_shows_every_hostile_text_as_it_is_and_runs_none(stage: Stage) -> None:
    host = stage.scene.house.url
    stage.website.pages["/"] = snippet_page(host, f'data-site="{stage.scene.site.key}"')
    said = [EVIL, *letters()]
    with watched(stage.browser, host, stage.origin) as watch:
        page = watch.context.new_page()
        page.goto(f"{stage.origin}/")
        page.locator(".launcher").click(timeout=PATIENCE)
        expect(page.locator(".log .assistant .bubble")).to_have_text([EVIL], timeout=PATIENCE)
        for number, text in enumerate(said):
            say(page, text, number + 1)
        page.locator("button.choice").first.wait_for(timeout=PATIENCE)
        watch.look(page)
        assert shown(page) == said
        page.reload()
        page.locator(".log .visitor .bubble").nth(len(said) - 1).wait_for(timeout=PATIENCE)
        watch.look(page)
        assert shown(page) == said
    assert watch.found == []


def say(page: Page, text: str, count: int) -> None:
    page.locator("textarea").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(".log .visitor .bubble")).to_have_count(count, timeout=PATIENCE)
    expect(page.locator(".log .assistant .bubble")).to_have_count(count + 1, timeout=PATIENCE)


def shown(page: Page) -> list[str]:
    return page.locator(".log .visitor .bubble").all_text_contents()


def test_no_page_of_the_dashboard_runs_what_is_said_or_called(stage: Stage) -> None:
    base = stage.dashboard
    with watched(stage.browser, base) as watch:
        page = watch.context.new_page()
        page.goto(f"{base}/admin/")
        page.fill("input[name=login]", stage.scene.emails["owner"])
        page.fill("input[name=password]", PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/admin/", timeout=PATIENCE)
        for name, path in stage.scene.paths.items():
            answer = page.goto(base + path, timeout=PATIENCE)
            assert answer, name
            assert answer.status == 200, name
            watch.look(page)
            if name == "transcript":
                told = [text.strip() for text in page.locator(".cs-bubble").all_text_contents()]
                assert told[-len(stage.scene.lines) :] == stage.scene.lines
    assert watch.found == []


def test_the_watch_sees_scripts_elements_and_requests(stage: Stage) -> None:
    """The control: the same texts, put into a page as no page of ours does it."""
    stage.website.pages["/"] = "<!doctype html><title>Control</title><body></body>"
    texts = [f"{PLANT}{text}" for text in markup()]
    put = """texts => texts.forEach(text => {
        const place = document.body.appendChild(document.createElement('div'));
        place.innerHTML = text;
    })"""
    with watched(stage.browser, stage.origin) as watch:
        page = watch.context.new_page()
        page.goto(f"{stage.origin}/")
        page.evaluate(put, texts[:50])
        assert page.locator(PLANTED).count() == 50
        watch.look(page)
        assert wait_until(lambda: settled(page) and bool(watch.ran and watch.foreign), 60)
    assert len(watch.planted) >= 50


def settled(page: Page) -> bool:
    """Lets the driver tell what happened in the meantime."""
    return bool(page.evaluate("new Promise(done => setTimeout(() => done(true), 50))"))


def export(stage: Stage, kind: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {stage.scene.site.secret}"}
    address = f"{stage.scene.house.url}/api/v1/sessions/export?as={kind}"
    answer = httpx.get(address, headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer


def test_no_cell_of_an_export_computes_and_each_can_be_read(stage: Stage) -> None:
    lines = list(csv.reader(io.StringIO(export(stage, "csv").text, newline="")))
    cells = [cell for line in lines for cell in line]
    book = load_workbook(io.BytesIO(export(stage, "xlsx").content))
    told, kinds = cells_of(book)
    assert kinds <= {"s", "n", "inlineStr"}
    assert [cell for cell in (*cells, *told) if COMPUTES.search(cell)] == []
    for found in (cells, told):
        readable = {bare(cell) for cell in found}
        assert not {bare(text) for text in formulas()} - readable
        assert any(EVIL in cell for cell in found)


def bare(text: str) -> str:
    """Without the guards, and with the line ends and odd characters as files write them."""
    plain = text.replace("'", "").replace("\x0b", "\ufffd")
    return plain.replace("_x000D_", "\r").replace("\r\n", "\n").replace("\r", "\n")


def cells_of(book: Workbook) -> tuple[list[str], set[str]]:
    found = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    filled = [cell for cell in found if cell.value is not None]
    return [str(cell.value) for cell in filled], {cell.data_type for cell in filled}


def test_json_lines_keep_every_text_as_it_was_said(stage: Stage) -> None:
    rows = [json.loads(line) for line in export(stage, "jsonl").text.split("\n") if line]
    notes = {row["fields"].get("note") for row in rows}
    assert {*formulas(), f"no {EVIL}"} <= notes


def test_the_check_of_cells_sees_every_formula() -> None:
    """The control: the same texts in a workbook and a list, written as they are."""
    book = Workbook()
    for text in formulas():
        book.worksheets[0].append([text.replace("\x0b", "")])
    file = io.BytesIO()
    book.save(file)
    told, kinds = cells_of(load_workbook(file))
    assert "f" in kinds
    harmless = {"'=1+1", '"=1+1', "%0A-3+3"}
    assert [text for text in formulas() if not COMPUTES.search(text)] == sorted(
        harmless, key=formulas().index
    )
    assert len(told) == len(formulas())


def test_a_webhook_is_sent_json_that_is_signed_and_says_it_all(stage: Stage) -> None:
    heard = stage.scene.heard
    assert heard.headers["content-type"].startswith("application/json")
    document = heard.verified(stage.scene.secret)["data"]["document"]
    assert (document["note"], document["more"]) == (EVIL, formulas())
