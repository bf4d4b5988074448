"""The dashboard as people use it: by eye, by keyboard, on a phone, in the dark."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.dashboard.conftest import Desk

BAD_DRAFT = '{"type": "object", "properties": {"a": {"$ref": "https://elsewhere.example/x"}}}'


def serious_violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['html'][:120]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def overhang(page: Page) -> int:
    """By how many pixels the page can be scrolled sideways."""
    root = "document.documentElement"
    return int(page.evaluate(f"{root}.scrollWidth - {root}.clientWidth"))


def status_of_sign_in(desk: Desk) -> int:
    """What somebody gets who wants to sign in to the tenant's dashboard."""
    page = desk.browser.new_page()
    response = page.goto(f"{desk.base}/accounts/login/")
    page.close()
    assert response
    return response.status


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def publish_by_keyboard(page: Page, draft: str) -> None:
    """From the field of the name on: writes over the draft and presses "Save and publish"."""
    press(page, "Tab", "Control+A")
    page.keyboard.insert_text(draft)
    press(page, "Tab", "Tab")
    expect(page.get_by_role("button", name="Save and publish")).to_be_focused()
    press(page, "Enter")


def open_value(page: Page, desk: Desk, path: str) -> None:
    page.goto(desk.paths["transcript"])
    page.locator(f"[data-path='{path}'] .cs-now .cs-value").focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_every_page_is_accessible_fits_and_loads_from_this_host_alone(
    desk: Desk, width: int, scheme: str
) -> None:
    with desk.page(width=width, scheme=scheme) as page:
        for name, path in desk.paths.items():
            page.goto(path)
            page.wait_for_load_state("networkidle")
            assert serious_violations(page) == [], name
            assert overhang(page) == 0, name
    assert desk.foreign == []
    assert desk.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sign_in_page_is_accessible(desk: Desk, scheme: str) -> None:
    page = desk.browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
    for path in ("/accounts/login/", "/accounts/password/reset/"):
        page.goto(desk.base + path)
        page.wait_for_load_state("networkidle")
        assert serious_violations(page) == []
        # Unfold would leave the page white, whatever the visitor prefers.
        around = page.evaluate("getComputedStyle(document.querySelector('#page')).backgroundColor")
        assert around == {"light": "rgb(247, 249, 249)", "dark": "rgb(18, 25, 30)"}[scheme]
    page.close()


def test_enter_on_a_value_highlights_exactly_its_words_and_brings_them_into_view(
    desk: Desk,
) -> None:
    with desk.page(width=390) as page:
        open_value(page, desk, "name")
        lit = page.locator(".cs-mark-on")
        assert lit.all_text_contents() == ["John Smyth"]
        expect(lit).to_be_in_viewport()
        status = page.locator("[data-announce]")
        assert status.text_content() == "Highlighted in message 4: John Smyth"
        value = page.locator("[data-path='name'] .cs-now .cs-value")
        assert value.get_attribute("aria-pressed") == "true"
        page.keyboard.press("Enter")
        assert lit.count() == 0


def test_another_value_takes_the_highlight_over(desk: Desk) -> None:
    with desk.page() as page:
        open_value(page, desk, "name")
        page.locator("[data-path='visit'] .cs-refused .cs-value").click()
        assert page.locator(".cs-mark-on").all_text_contents() == ["yesterday"]
        assert page.locator("[aria-pressed=true]").count() == 1


def test_the_document_is_copied_as_json_and_the_snippet_with_its_key(desk: Desk) -> None:
    with desk.page() as page:
        page.goto(desk.paths["snippet"])
        page.get_by_role("button", name="Copy").first.click()
        expect(page.get_by_text("Copied").first).to_be_visible()
        snippet = page.evaluate("navigator.clipboard.readText()")
        assert re.fullmatch(
            r'<script async src="http\S+/w/v1/loader\.js" data-site="pk_\S+"></script>',
            snippet.strip(),
        )
        page.goto(desk.paths["transcript"])
        page.get_by_role("button", name="Copy the document").click()
        expect(page.get_by_text("Copied")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText().then(JSON.parse)")
    assert copied["name"] == "John Smyth"
    assert copied["address"] == {"city": "Springfield"}


def test_a_template_is_written_in_an_editor_and_refused_with_nothing_lost(desk: Desk) -> None:
    with desk.page() as page:
        page.goto("/admin/workspace/template/add/")
        expect(page.locator("textarea[name=draft]")).to_be_hidden()
        page.fill("input[name=name]", "Mine")
        page.locator(".cm-content").click()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(BAD_DRAFT)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("#id_draft_error")).to_contain_text("/properties/a/$ref")
        assert page.locator(".cm-content").inner_text().strip() == BAD_DRAFT
        assert page.input_value("input[name=name]") == "Mine"


def test_by_keyboard_alone_a_template_is_refused_mended_and_published(desk: Desk) -> None:
    with desk.page() as page:
        page.goto("/admin/workspace/template/add/")
        good = page.input_value("textarea[name=draft]")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        press(page, "Enter", "Tab")
        expect(page.locator("input[name=name]")).to_be_focused()
        page.keyboard.type("By hand")
        # Whoever moves the keyboard too, and comes late, would take it away from the mistake.
        late: list[Route] = []

        def hold(route: Route) -> None:
            late.append(route)

        page.route("**/change_form.js", hold)
        publish_by_keyboard(page, BAD_DRAFT)
        expect(page).to_have_title(re.compile("^Not saved: "))
        expect(page.locator(".cm-content")).to_be_focused()
        assert late == []
        page.keyboard.press("Shift+Tab")
        publish_by_keyboard(page, good)
        expect(page.get_by_text("Version 1 is published")).to_be_visible()


def test_boxes_to_tick_are_a_group_that_says_what_it_is_and_what_is_wrong(desk: Desk) -> None:
    with desk.page() as page:
        page.goto(desk.paths["new webhook"])
        events = page.get_by_role("group", name="Events")
        for box in events.get_by_role("checkbox").all():
            box.uncheck()
        page.fill("input[name=url]", "https://crm.example.com/hook")
        page.get_by_role("button", name="Save", exact=True).press("Enter")
        expect(events).to_have_accessible_description(re.compile("Choose at least one event"))
        expect(events.get_by_role("checkbox").first).to_be_focused()


def test_a_new_key_is_gone_after_a_reload_and_no_second_one_is_made(desk: Desk) -> None:
    with desk.page() as page:
        page.goto(desk.paths["new key"])
        page.select_option("select[name=website]", index=1)
        page.select_option("select[name=kind]", "secret")
        page.fill("input[name=name]", "Only one")
        page.get_by_role("button", name="Save", exact=True).click()
        plain = page.locator("#issued-key").inner_text()
        assert plain.startswith("sk_")
        page.reload()
        assert plain not in page.content()
        assert page.get_by_role("link", name="Only one").count() == 1


def test_menus_and_filters_open_by_keyboard(desk: Desk) -> None:
    with desk.page() as page:
        page.goto(desk.paths["conversations"])
        page.get_by_role("button", name="Filters").press("Enter")
        expect(page.get_by_role("button", name="Apply Filters")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Apply Filters")).to_be_hidden()
        page.locator("#nav-sidebar [role=button]", has_text=desk.emails["owner"]).press("Enter")
        page.get_by_role("button", name="Log out").press("Enter")
        page.wait_for_url("**/accounts/login/**")


def test_an_operator_adds_a_tenant_shuts_one_and_opens_it_again(desk: Desk) -> None:
    with desk.page(role="operator", width=320, scheme="dark") as page:
        page.get_by_role("link", name="Add a tenant").click()
        page.fill("input[name=name]", "Initech")
        page.fill("input[name=slug]", "initech")
        page.fill("input[name=domain]", "https://initech.example/")
        page.fill("input[name=owner_email]", "peter@initech.example")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("Write a host name alone")).to_be_visible()
        page.fill("input[name=domain]", "initech.example")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("being set up in the background")).to_be_visible()
        page.get_by_role("link", name="Acme").first.click()
        page.get_by_role("button", name="Suspend").click()
        page.get_by_text("Its dashboard is shut").wait_for()
        assert (serious_violations(page), overhang(page)) == ([], 0)
        shut = status_of_sign_in(desk)
        page.get_by_role("button", name="Open it again").click()
        page.get_by_text("Its dashboard is open").wait_for()
        opened = status_of_sign_in(desk)
    assert (shut, opened) == (403, 200)
    assert desk.foreign == []
    assert desk.complaints == []
