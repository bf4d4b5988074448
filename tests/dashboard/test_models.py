"""A workspace's models: set up by a form that keeps the key to itself, and said when in trouble."""

from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.utils import timezone

from sessions_app.models import Turn
from tenants.scope import tenant_scope
from tenants.sealing import unseal
from tenants.workspace.model_connection import MICRO, ModelUsage, this_month
from tenants.workspace.models import ModelConnection
from tests.dashboard.office import page_of, record_conversation, signed_in

pytestmark = pytest.mark.usefixtures("ground")
MODELS = "/admin/workspace/modelconnection"
KEY = "sk-live-0f9e8d7c6b5a4321"
FORM: dict[str, Any] = {
    "name": "Main",
    "kind": "openai",
    "model_name": "small-model",
    "base_url": "https://models.example/v1/",
    "key": KEY,
    "is_active": "on",
    "make_default": "on",
    "extractor": "hybrid",
    "max_tokens": "1000",
    "timeout_seconds": "8",
    "input_price": "0.15",
    "output_price": "0.6",
}


def connect(**changes: Any) -> ModelConnection:
    with tenant_scope("t_acme"):
        row = ModelConnection(name="Main", model_name="small-model", **changes)
        row.set_key(KEY)
        row.save()
    return row


def stored() -> ModelConnection:
    with tenant_scope("t_acme"):
        return ModelConnection.objects.get(name="Main")


def test_the_key_goes_in_sealed_and_comes_out_as_its_last_characters_alone() -> None:
    client = signed_in("editor")
    assert client.post(f"{MODELS}/add/", FORM).status_code == 302
    row = stored()
    assert (unseal(row.sealed_key), row.key_hint) == (KEY, "4321")
    assert (row.base_url, row.is_default) == ("https://models.example/v1", True)
    for path in (f"{MODELS}/", f"{MODELS}/{row.pk}/change/", f"{MODELS}/{row.pk}/history/"):
        page = page_of(client, path)
        assert KEY not in page
        assert row.sealed_key not in page
    assert "ending in 4321" in page_of(client, f"{MODELS}/{row.pk}/change/")


def test_an_empty_key_keeps_the_one_that_is_there() -> None:
    row = connect(base_url="https://models.example/v1")
    form = {**FORM, "base_url": row.base_url, "key": "", "name": "Main", "persona": "Rosa"}
    assert signed_in("editor").post(f"{MODELS}/{row.pk}/change/", form).status_code == 302
    assert (unseal(stored().sealed_key), stored().persona) == (KEY, "Rosa")


@pytest.mark.parametrize(
    "moved", [{"base_url": "https://elsewhere.example/v1"}, {"kind": "anthropic"}]
)
def test_a_key_is_not_sent_to_another_address_than_it_was_entered_for(
    moved: dict[str, str],
) -> None:
    row = connect(base_url="https://models.example/v1")
    form = {**FORM, "base_url": row.base_url, "key": "", **moved}
    page = signed_in("editor").post(f"{MODELS}/{row.pk}/change/", form).content.decode()
    assert "Enter the key again" in page
    assert (stored().base_url, stored().kind) == ("https://models.example/v1", "openai")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("http://models.example/v1", "Use https"),
        ("file:///etc/passwd", "must begin with https"),
        ("https://user:secret@models.example/v1", "password may not stand in the address"),
        ("https://models.example:22/v1", "Port 22 is not contacted"),
    ],
)
def test_a_bad_address_is_refused_with_its_reason(typed: str, reason: str) -> None:
    response = signed_in("editor").post(f"{MODELS}/add/", {**FORM, "base_url": typed})
    assert reason in unescape(response.content.decode())
    with tenant_scope("t_acme"):
        assert not ModelConnection.objects.exists()


@pytest.mark.parametrize("name", ["monthly_cap", "input_price", "output_price"])
def test_money_below_zero_is_refused_and_what_was_typed_stays(name: str) -> None:
    response = signed_in("editor").post(f"{MODELS}/add/", {**FORM, name: "-0.01"})
    page = response.content.decode()
    assert f'id="id_{name}_error"' in page
    assert 'value="-0.01"' in page
    with tenant_scope("t_acme"):
        assert not ModelConnection.objects.exists()


def test_there_is_one_default_and_it_moves() -> None:
    connect(is_default=True)
    client = signed_in("editor")
    assert client.post(f"{MODELS}/add/", {**FORM, "name": "Second"}).status_code == 302
    with tenant_scope("t_acme"):
        assert [row.name for row in ModelConnection.objects.filter(is_default=True)] == ["Second"]


@pytest.mark.parametrize("role", ["reviewer", "viewer"])
def test_readers_see_no_models(role: str) -> None:
    row = connect()
    client = signed_in(role)
    for path in (f"{MODELS}/", f"{MODELS}/{row.pk}/change/"):
        assert client.get(path).status_code == 403
    page = client.post(f"{MODELS}/{row.pk}/test/").content.decode()
    assert "It works" not in page
    assert "It does not work" not in page


def test_a_test_says_what_is_wrong_and_the_mend() -> None:
    row = connect(base_url="https://models.example/v1")
    client = signed_in("editor")
    assert "It costs a few hundred tokens" in page_of(client, f"{MODELS}/{row.pk}/test/")
    page = client.post(f"{MODELS}/{row.pk}/test/").content.decode()
    # There is no runner on this ground.
    assert "It does not work." in page
    assert "manage.py doctor" in page
    assert KEY not in page


def test_staff_are_told_when_the_cap_is_reached() -> None:
    row = connect(monthly_cap=Decimal("5"))
    client = signed_in("editor")
    assert "not asked any more" not in page_of(client, "/admin/")
    with tenant_scope("t_acme"):
        ModelUsage.objects.create(connection=row, month=this_month(), cost_micros=5 * MICRO)
    page = page_of(client, "/admin/")
    assert "Main is not asked any more this month: 5.00 of 5.00 are spent" in page
    assert f"{MODELS}/{row.pk}/change/" in page


def test_staff_are_told_why_rules_answer_in_place_of_the_model() -> None:
    record_conversation()
    client = signed_in("editor")
    with tenant_scope("t_acme"):
        Turn.objects.update(degraded=True, trouble="unauthorised", finished_at=timezone.now())
    page = page_of(client, "/admin/")
    assert "The endpoint refused the key." in page
    assert "Enter a key that is valid" in page
