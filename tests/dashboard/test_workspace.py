"""Websites, keys and templates: made by forms that say what is wrong and lose nothing."""

import json
from html import unescape
from typing import Any

import pytest
from django.db.utils import ProgrammingError

from tenants.keys import live_key, schema_of_key
from tenants.scope import tenant_scope
from tenants.workspace.models import ApiKey, Template, TemplateVersion, Website
from tests.dashboard.office import DOCUMENT, open_website, page_of, signed_in
from tests.ground.ground import Ground

pytestmark = pytest.mark.usefixtures("ground")
WEBSITE = {
    "name": "Shop",
    "is_active": "on",
    "title": "Chat",
    "launcher_title": "Chat",
    "colour": "#0f766e",
    "theme": "auto",
    "position": "right",
    "locale": "en",
    "timezone": "UTC",
}
KEYS = "/admin/workspace/apikey"
TEMPLATES = "/admin/workspace/template"


def text_of(response: Any) -> str:
    return unescape(response.content.decode())


def test_allowed_origins_are_typed_one_per_line() -> None:
    typed = "https://WWW.shop.example/\n\nhttp://localhost:8100\nhttps://www.shop.example:443"
    client = signed_in("editor")
    response = client.post("/admin/workspace/website/add/", {**WEBSITE, "allowed_origins": typed})
    assert response.status_code == 302
    with tenant_scope("t_acme"):
        site = Website.objects.get()
    assert site.allowed_origins == ["https://www.shop.example", "http://localhost:8100"]
    assert "https://www.shop.example\nhttp://localhost:8100" in page_of(
        client, f"/admin/workspace/website/{site.pk}/change/"
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("www.shop.example", "an origin begins with https://"),
        ("https://shop.example/chat", "without a path"),
        ("https://*.shop.example", "Patterns do not work"),
        ("https://shop.example:port", "the host or the port is not one"),
        ("javascript:alert(1)", "an origin begins with https://"),
    ],
)
def test_a_bad_origin_is_refused_by_line_and_stays_as_typed(line: str, reason: str) -> None:
    typed = f"https://good.example\n{line}"
    response = signed_in("editor").post(
        "/admin/workspace/website/add/", {**WEBSITE, "allowed_origins": typed}
    )
    page = text_of(response)
    assert f"Line 2, “{line}”: " in page
    assert reason in page
    assert typed in page
    with tenant_scope("t_acme"):
        assert not Website.objects.exists()


def test_a_secret_key_is_shown_once_and_never_again() -> None:
    website = open_website()
    client = signed_in("editor")
    form = {"website": website.pk, "kind": "secret", "name": "CRM"}
    assert "Choose at least one" in text_of(client.post(f"{KEYS}/add/", form))
    form["scopes"] = ["sessions"]
    response = client.post(f"{KEYS}/add/", form)
    assert "no-store" in response.headers["Cache-Control"]
    with tenant_scope("t_acme"):
        key = ApiKey.objects.get()
        [plain] = [word for word in _words(response) if word.startswith(key.prefix)]
        assert live_key(plain) == key
    assert schema_of_key(plain) == "t_acme"
    assert key.scopes == ["sessions"]
    for path in (f"{KEYS}/", f"{KEYS}/{key.pk}/change/", f"{KEYS}/{key.pk}/history/"):
        assert plain not in page_of(client, path)


def _words(response: Any) -> list[str]:
    return text_of(response).replace("<", " ").replace(">", " ").split()


def test_revoking_asks_first_and_then_the_key_works_nowhere() -> None:
    website = open_website()
    client = signed_in("editor")
    client.post(f"{KEYS}/add/", {"website": website.pk, "kind": "publishable", "name": "Page"})
    with tenant_scope("t_acme"):
        key = ApiKey.objects.get()
    page = page_of(client, f"/admin/workspace/website/{website.pk}/snippet/")
    plain = page.split("data-site=&quot;")[1].split("&quot;")[0]
    assert "Keep the key" in page_of(client, f"{KEYS}/{key.pk}/revoke/")
    assert schema_of_key(plain) == "t_acme"
    assert client.post(f"{KEYS}/{key.pk}/revoke/").status_code == 302
    assert schema_of_key(plain) is None
    assert "needs a publishable key" in page_of(
        client, f"/admin/workspace/website/{website.pk}/snippet/"
    )


def test_the_snippet_page_makes_the_key_it_needs_and_shows_it_filled_in() -> None:
    website = open_website()
    client = signed_in("editor")
    path = f"/admin/workspace/website/{website.pk}/snippet/"
    assert "data-site" not in page_of(client, path)
    page = text_of(client.post(path))
    plain = page.split('data-site="')[1].split('"')[0]
    with tenant_scope("t_acme"):
        key = live_key(plain)
        assert key is not None
        assert key.kind == "publishable"
    assert "script-src http://localhost:8000;" in page
    assert "connect-src http://localhost:8000 ws://localhost:8000;" in page
    inline = page.split('id="snippet-inline"')[1].split("</pre>")[0]
    assert f'<chat-intake site="{plain}" mode="inline">' in inline
    assert "data-site" not in inline, "it would put a button in the corner as well"
    assert "https://www.acme.example" in page
    client.post(path)
    with tenant_scope("t_acme"):
        assert ApiKey.objects.count() == 1


def test_a_bad_template_is_refused_at_the_field_with_every_problem_and_stays_as_typed() -> None:
    typed = """{
  "type": "object",

  "properties": {
    "a": {"$ref": "https://elsewhere.example/schema.json"},
    "b": {"type": "string", "x-intake": {"kind": "zebra"}}
  }
}"""
    client = signed_in("editor")
    page = text_of(client.post(f"{TEMPLATES}/add/", {"name": "Mine", "draft": typed}))
    errors = page.split('id="id_draft_error"')[1].split("</ul>")[0]
    assert "Line 5, /properties/a/$ref: " in errors
    assert "never fetched" in errors
    assert "Line 6, /properties/b/x-intake/kind: " in errors
    assert "Use one of: text, name" in errors
    assert typed in page
    with tenant_scope("t_acme"):
        assert not Template.objects.exists()


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ('{"type": "object",\n "title" "x"}', "Line 2, column 10: A colon belongs after a name."),
        ('{"type": "object", "type": "array"}', 'The name "type" stands twice in one object.'),
        ('{"type": "object", "maxProperties": NaN}', '"NaN" is not JSON.'),
        ("[" * 100_000, "Nested more than 64 levels deep."),
        ("   ", "The template is empty"),
    ],
)
def test_text_that_is_no_template_is_refused_with_its_reason(typed: str, reason: str) -> None:
    client = signed_in("editor")
    page = text_of(client.post(f"{TEMPLATES}/add/", {"name": "Mine", "draft": typed}))
    assert reason in page
    assert typed in page


def test_publishing_makes_a_version_that_the_database_keeps_unchanged(ground: Ground) -> None:
    open_website()
    with tenant_scope("t_acme"):
        template = Template.objects.get()
    client = signed_in("editor")
    draft = json.dumps({**DOCUMENT, "title": "Roof quote, new"})
    form = {"name": "Roof quote", "draft": draft, "workspace_template_publish": "1"}
    response = client.post(f"{TEMPLATES}/{template.pk}/change/", form, follow=True)
    assert "Version 2 is published" in text_of(response)
    with tenant_scope("t_acme"):
        version = TemplateVersion.objects.get(number=2)
        assert version.published_by is not None
        with pytest.raises(ProgrammingError, match="permission denied"):
            TemplateVersion.objects.update(number=7)
    page = text_of(client.get(f"/admin/workspace/templateversion/{version.pk}/change/"))
    assert '-  "title": "Roof quote",' in _plain(page)
    assert '+  "title": "Roof quote, new",' in _plain(page)
    again = client.post(f"{TEMPLATES}/{template.pk}/change/", form, follow=True)
    assert "nothing changed" in text_of(again)


def _plain(page: str) -> str:
    return page.replace("- ", "-").replace("+ ", "+")


def test_what_a_template_asks_badly_is_said_on_saving_and_refuses_nothing() -> None:
    phone = {"type": "string", "x-intake": {"kind": "phone"}}
    draft = {"type": "object", "properties": {"phone1": phone, "phone2": phone}}
    form = {"name": "Mine", "draft": json.dumps(draft), "workspace_template_publish": "1"}
    page = text_of(signed_in("editor").post(f"{TEMPLATES}/add/", form, follow=True))
    assert "Line 10, /properties/phone2: `phone2` cannot be told from `phone1`" in page
    assert "Version 1 is published" in page


def test_saving_without_publishing_makes_no_version() -> None:
    client = signed_in("editor")
    form = {"name": "Mine", "draft": json.dumps(DOCUMENT)}
    assert client.post(f"{TEMPLATES}/add/", form).status_code == 302
    assert "Not published" in page_of(client, f"{TEMPLATES}/")
    with tenant_scope("t_acme"):
        assert not TemplateVersion.objects.exists()


def test_the_first_page_leads_through_the_steps_and_ticks_them() -> None:
    client = signed_in("owner")
    page = page_of(client, "/admin/")
    assert "0 of 5 steps are done" in page
    assert "/admin/workspace/template/add/" in page
    open_website()
    assert "3 of 5 steps are done" in page_of(client, "/admin/")
