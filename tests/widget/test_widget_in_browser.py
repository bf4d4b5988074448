"""What a visitor meets: the widget on a customer's page, in Chromium, under a strict policy."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.widget.conftest import Stage
from tests.widget.wire import GREETING, SITE

PHONE = {
    "viewport": {"width": 390, "height": 780},
    "has_touch": True,
    "reduced_motion": "reduce",
}
REPLY = "Thanks, Ann! What can we do for you?"


def say(page: Page, text: str) -> None:
    page.locator("textarea").fill(text)
    page.keyboard.press("Enter")


def lines(page: Page) -> list[str]:
    return page.locator(".log .bubble").all_inner_texts()


def wait_for_line(page: Page, text: str) -> None:
    expect(page.locator(".log .bubble", has_text=text)).to_have_count(1)


def test_a_whole_chat_needs_no_more_than_the_documented_policy(stage: Stage) -> None:
    page = stage.chat()
    assert lines(page) == [GREETING]
    say(page, "Ann")
    page.get_by_role("button", name="New roof").click()
    wait_for_line(page, "New roof")
    wait_for_line(page, "When should we come?")
    say(page, "Tomorrow")
    expect(page.get_by_role("heading", name="All done, thank you")).to_be_visible()
    assert stage.complaints == []
    assert page.locator("[style]").count() == 0


def test_a_reload_brings_the_same_conversation_back_open(stage: Stage) -> None:
    page = stage.chat()
    say(page, "Ann")
    wait_for_line(page, REPLY)
    before = lines(page)
    page.locator("textarea").fill("half a sen")
    page.reload()
    wait_for_line(page, REPLY)
    assert lines(page) == before
    assert page.locator("textarea").input_value() == "half a sen"
    expect(page.get_by_role("button", name="Repair")).to_be_visible()


def test_a_second_tab_sees_the_same_conversation_live(stage: Stage) -> None:
    context = stage.context()
    first = stage.chat(context)
    say(first, "Ann")
    wait_for_line(first, REPLY)
    second = stage.chat(context)
    wait_for_line(second, REPLY)
    say(second, "A new roof")
    wait_for_line(first, "When should we come?")
    assert lines(first) == lines(second)


def test_what_is_written_offline_is_sent_once_when_the_network_is_back(stage: Stage) -> None:
    context = stage.context()
    page = stage.chat(context)
    say(page, "Ann")
    wait_for_line(page, REPLY)
    stage.gateway.refuses_sockets = True
    context.set_offline(True)
    stage.gateway.close_sockets(1012)
    say(page, "A new roof")
    expect(page.get_by_role("status")).to_contain_text("You are offline")
    expect(page.locator(".note")).to_have_text("Waiting to send")
    stage.gateway.refuses_sockets = False
    context.set_offline(False)
    wait_for_line(page, "When should we come?")
    texts = [event["text"] for event in next(iter(stage.gateway.sessions.values())).events[1:2]]
    assert texts == ["Ann"]
    assert [line for line in lines(page) if "A new roof" in line] == ["A new roof"]


def test_only_whole_messages_reach_the_live_region(stage: Stage) -> None:
    page = stage.chat()
    page.evaluate(
        """() => {
          const log = document.querySelector("chat-intake").shadowRoot.querySelector("[role=log]");
          window.heard = [];
          new MutationObserver((changes) => {
            for (const change of changes)
              for (const node of change.addedNodes) window.heard.push(node.textContent);
          }).observe(log, { childList: true, subtree: true, characterData: true });
        }"""
    )
    say(page, "Ann")
    wait_for_line(page, REPLY)
    heard = page.evaluate("window.heard")
    assert [words for words in heard if words.startswith("Assistant")] == [f"Assistant: {REPLY}"]
    assert [words for words in heard if words and words in REPLY] == []
    expect(page.locator(".writing")).to_have_attribute("aria-hidden", "true")


def test_text_is_shown_as_text_and_only_web_addresses_become_links(stage: Stage) -> None:
    page = stage.chat()
    attack = (
        "<img src=x onerror=alert(1)> javascript://x.example/%0aalert(1) https://example.com/a?b=c."
    )
    say(page, attack)
    wait_for_line(page, "onerror")
    assert lines(page)[1] == attack
    assert page.locator("img").count() == 0
    links = page.locator(".log a").evaluate_all("links => links.map(link => link.href)")
    assert "https://example.com/a?b=c" in links
    assert all(link.startswith("https://") for link in links)


def test_lines_of_ours_that_begin_with_a_dash_become_a_list_and_the_visitors_stay_as_typed(
    stage: Stage,
) -> None:
    page = stage.chat()
    text = "First:\n- one <b>\n- two https://example.com/2\nlast - words"
    say(page, text)
    items = page.locator(".log .assistant li")
    expect(items).to_have_text(["one <b>", "two https://example.com/2"])
    expect(items.locator("a")).to_have_count(1)
    expect(page.locator(".log .assistant ul")).to_have_count(1)
    said = page.locator(".log .assistant .bubble", has=page.locator("li")).inner_text().split("\n")
    assert said[0] == "Thanks, First:"
    assert said[-1].startswith("last - words!")
    assert page.locator(".log .visitor .bubble").inner_text() == text


def test_escape_closes_the_panel_and_the_keyboard_returns_to_the_launcher(stage: Stage) -> None:
    page = stage.visit()
    launcher = page.locator(".launcher")
    launcher.wait_for()
    launcher.focus()
    page.keyboard.press("Enter")
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()
    expect(launcher).to_be_focused()
    page.keyboard.press("Enter")
    page.reload()
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.press("Escape")
    expect(launcher).to_be_focused()


def test_enter_that_ends_a_composition_does_not_send(stage: Stage) -> None:
    page = stage.chat()
    page.locator("textarea").fill("にほん")
    page.locator("textarea").dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    page.keyboard.press("Shift+Enter")
    assert page.locator("textarea").input_value() == "にほん\n"
    assert lines(page) == [GREETING]


def test_on_a_phone_the_chat_fills_the_screen_and_the_page_is_inert(stage: Stage) -> None:
    page = stage.chat(stage.context(**PHONE))
    box = page.locator(".panel").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 780}
    page.evaluate("document.querySelector('main a').focus()")
    assert page.evaluate("document.activeElement.tagName") != "A"
    page.get_by_role("button", name="Close chat").click()
    expect(page.locator(".panel")).to_be_hidden()


def test_ending_and_forgetting_leaves_nothing_on_the_device(stage: Stage) -> None:
    page = stage.chat()
    say(page, "Ann")
    wait_for_line(page, REPLY)
    session = next(iter(stage.gateway.sessions.values()))
    page.get_by_role("button", name="Chat options").click()
    page.get_by_role("button", name="End and forget on this device").click()
    page.get_by_role("button", name="Yes, end it").click()
    expect(page.get_by_role("alert").first).to_have_text("The chat was forgotten on this device.")
    expect(page.locator(".log .bubble")).to_have_count(1)
    assert session.id not in page.evaluate("JSON.stringify(localStorage)")
    assert session.status == "closed"


def test_an_ended_chat_offers_a_new_one(stage: Stage) -> None:
    page = stage.chat()
    say(page, "Ann")
    wait_for_line(page, REPLY)
    page.get_by_role("button", name="Chat options").click()
    page.get_by_role("button", name="End chat").click()
    page.get_by_role("button", name="Yes, end it").click()
    expect(page.get_by_role("heading", name="This chat has ended")).to_be_visible()
    expect(page.locator("textarea")).to_be_hidden()
    page.get_by_role("button", name="Start a new chat").click()
    expect(page.locator("textarea")).to_be_focused()
    assert lines(page) == [GREETING]
    say(page, "Bob")
    wait_for_line(page, "Thanks, Bob!")
    assert len(stage.gateway.sessions) == 2


def test_calls_made_before_the_widget_has_loaded_are_kept(stage: Stage) -> None:
    stage.website.policy = stage.policy.replace("script-src", "script-src 'nonce-x'")
    call = (
        "<script nonce=x>window.ChatSaaS=window.ChatSaaS||function(){"
        "(ChatSaaS.q=ChatSaaS.q||[]).push(arguments)};"
        f"ChatSaaS('boot',{{site:'{SITE}',launcherTitle:'Ask us',prefill:{{email:'a@b.c'}}}});"
        "window.heard=[];ChatSaaS('on','open',()=>heard.push('open'));"
        "ChatSaaS('on','message',(frame)=>heard.push(frame.text));ChatSaaS('open');</script>"
    )
    stage.publish(call, options="")
    page = stage.visit()
    say(page, "Ann")
    wait_for_line(page, REPLY)
    page.evaluate("ChatSaaS('close')")
    expect(page.locator(".panel")).to_be_hidden()
    expect(page.locator(".launcher")).to_have_text("Ask us")
    assert page.evaluate("heard") == ["open", GREETING, "Ann", REPLY]
    assert stage.gateway.token_bodies[0]["prefill"] == {"email": "a@b.c"}
    page.evaluate("ChatSaaS('shutdown')")
    expect(page.locator("chat-intake")).to_have_count(0)
    assert "ses_" not in page.evaluate("JSON.stringify(localStorage)")


def test_an_inline_chat_stands_in_the_page_without_a_launcher(stage: Stage) -> None:
    stage.publish(f'<chat-intake site="{SITE}" mode="inline"></chat-intake>', options="")
    page = stage.visit()
    say(page, "Ann")
    wait_for_line(page, REPLY)
    assert page.locator(".launcher").count() == 0
    assert page.get_by_role("button", name="Close chat").count() == 0


def test_a_site_that_is_not_set_up_for_this_origin_shows_no_launcher(stage: Stage) -> None:
    stage.gateway.origins = ["https://elsewhere.example"]
    page = stage.visit()
    with page.expect_console_message(lambda said: "origin_not_allowed" in said.text):
        page.reload()
    expect(page.locator(".launcher")).to_be_hidden()


def test_where_sockets_are_refused_the_chat_still_works(stage: Stage) -> None:
    stage.gateway.refuses_sockets = True
    page = stage.chat()
    say(page, "Ann")
    wait_for_line(page, REPLY)
    page.get_by_role("button", name="Repair").click()
    wait_for_line(page, "When should we come?")


def test_new_replies_are_counted_on_the_launcher_while_the_panel_is_closed(stage: Stage) -> None:
    page = stage.chat()
    say(page, "Ann")
    page.keyboard.press("Escape")
    expect(page.locator(".badge")).to_have_text(re.compile("[12]"))
    page.locator(".launcher").click()
    expect(page.locator(".badge")).to_be_hidden()


def test_a_message_in_arabic_runs_from_right_to_left(stage: Stage) -> None:
    page = stage.chat()
    say(page, "مرحبا، اسمي آن")
    bubble = page.locator(".visitor .bubble")
    expect(bubble).to_have_css("direction", "rtl")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1200, 860), (390, 780), (320, 256)])
@pytest.mark.parametrize("colour", ["#0f766e", "#ffd400"])
def test_no_accessibility_rule_is_broken(
    stage: Stage, scheme: str, width: int, height: int, colour: str
) -> None:
    stage.gateway.settings["color"] = colour
    viewport = {"width": width, "height": height}
    page = stage.chat(
        stage.context(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    )
    assert broken(page) == []
    say(page, "Ann")
    wait_for_line(page, REPLY)
    assert broken(page) == []
    page.get_by_role("button", name="Chat options").click()
    assert broken(page) == []
    page.get_by_role("button", name="End chat").click()
    assert broken(page) == []
    page.get_by_role("button", name="Yes, end it").click()
    expect(page.get_by_role("heading", name="This chat has ended")).to_be_visible()
    assert broken(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width


def broken(page: Page) -> list[str]:
    """The rules that the page breaks, with what breaks them."""
    page.context.set_default_timeout(15_000)
    found = Axe().run(page)
    return [
        f"{rule['id']}: {[node['target'] for node in rule['nodes']]}"
        for rule in found.response["violations"]
    ]
