"""A customer's model at work in the whole path: chosen, paid, capped, recorded, tried out."""

from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from pytest_django import DjangoDbBlocker

from chatsaas.servers.ports import LOOPBACK
from tenants.model_trial import try_model
from tenants.scope import tenant_scope
from tenants.workspace.models import ModelConnection, ModelUsage, Website
from tests.gateway.house import House as Furnished
from tests.gateway.house import Site, furnish
from tests.ground.ground import open_ground
from tests.models.serving import KEY, Endpoint, served_models
from tests.terminal.commands import manage

DRIPS = "It drips on my bed"


class Modelled:
    """A house whose customers can have models of any behaviour."""

    def __init__(self, house: Furnished, models: Endpoint) -> None:
        self.house, self.models = house, models
        self.query = house.ground.database.query

    def connect(self, site: Site, behaviour: str, **changes: Any) -> ModelConnection:
        """The default model of the site's customer, in place of what was there."""
        provider = self.models.provider(behaviour)
        values = {
            "name": behaviour,
            "model_name": provider.model,
            "base_url": provider.base_url,
            "is_default": True,
            "input_price": Decimal("2.5"),
            "output_price": Decimal("10"),
        }
        with tenant_scope(site.schema):
            ModelConnection.objects.update(is_default=False)
            row = ModelConnection(**(values | changes))
            row.set_key(KEY)
            row.save()
        return row

    def turns(self, site: Site, session: str) -> list[dict[str, Any]]:
        rows = self.query(
            "SELECT to_jsonb(t) FROM " + site.schema + ".sessions_app_turn t"
            " WHERE session_id = %s ORDER BY ordinal",
            session.removeprefix("ses_"),
        )
        return [row[0] for row in rows]


@pytest.fixture(scope="module")
def modelled(
    tmp_path_factory: pytest.TempPathFactory, swept_server: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Modelled]:
    folder = tmp_path_factory.mktemp("modelled")
    with django_db_blocker.unblock(), ExitStack() as stack:
        models = stack.enter_context(served_models(folder))
        ground = stack.enter_context(open_ground(folder))
        house = furnish(ground)
        stack.enter_context(ground.runner(RUNNER_OUTBOUND_ALLOWED_HOSTS=LOOPBACK))
        stack.enter_context(ground.gateway())
        yield Modelled(house, models)


def spent(site: Site, row: ModelConnection) -> tuple[int, ...]:
    with tenant_scope(site.schema):
        [found] = ModelUsage.objects.filter(connection=row)
    return (
        found.turns,
        found.degraded_turns,
        found.input_tokens,
        found.output_tokens,
        found.cost_micros,
    )


def test_the_default_model_reads_and_its_use_is_pinned_and_added_up(modelled: Modelled) -> None:
    site = modelled.house.acme
    row = modelled.connect(site, "good")
    visitor = modelled.house.visitor()
    first = visitor.say(DRIPS)
    visitor.say("My name is Ann Smith")
    assert first["fields"][-1]["evidence"]["method"] == "model"
    assert first["message"]["text"].startswith("Lovely, thank you. ")
    assert "What is your name?" in first["message"]["text"]
    told = modelled.turns(site, visitor.session)[0]
    assert (told["degraded"], told["trouble"]) == (False, "")
    assert told["usage"] == {
        "input_tokens": 100,
        "output_tokens": 20,
        "connection": str(row.id),
        "model": f"openai {row.model_name}",
        "cost_micros": 450,
    }
    assert "service" in {item["path"] for item in told["heard"]}
    assert spent(site, row) == (2, 0, 200, 40, 900)


def test_a_model_that_fails_leaves_a_sound_answer_and_the_reason_on_the_turn(
    modelled: Modelled,
) -> None:
    site = modelled.house.acme
    row = modelled.connect(site, "broken")
    visitor = modelled.house.visitor()
    answer = visitor.say("My name is Ann Smith")
    [told] = modelled.turns(site, visitor.session)
    assert [field["value"] for field in answer["fields"]] == ["Ann Smith"]
    assert (told["degraded"], told["trouble"], told["heard"]) == (True, "server_error", None)
    assert spent(site, row) == (1, 1, 0, 0, 0)


def test_nothing_that_a_model_writes_keeps_a_turn_from_being_recorded(modelled: Modelled) -> None:
    site = modelled.house.acme
    modelled.connect(site, "nasty")
    visitor = modelled.house.visitor()
    answer = visitor.say("My name is Ann Smith")
    [told] = modelled.turns(site, visitor.session)
    assert told["status"] == "done"
    assert "Ann Smith" in [field["value"] for field in answer["fields"]]


def test_at_the_cap_the_model_is_not_asked_and_no_chat_fails(modelled: Modelled) -> None:
    site = modelled.house.acme
    row = modelled.connect(site, "good", monthly_cap=Decimal("0.01"))
    with tenant_scope(site.schema):
        month = ModelUsage.objects.filter(cost_micros__gt=0).order_by("-month").first()
        row_month = month.month if month else None
    visitor = modelled.house.visitor()
    visitor.say(DRIPS)
    provider = modelled.models.provider("good", model=row.model_name)
    before = len(modelled.models.asked(provider))
    with tenant_scope(site.schema):
        used = ModelUsage.objects.get(connection=row)
        assert row_month in (None, used.month)
        ModelUsage.objects.filter(pk=used.pk).update(cost_micros=10_000)
    visitor.say("My name is Ann Smith")
    told = modelled.turns(site, visitor.session)[-1]
    assert (told["degraded"], told["trouble"]) == (True, "cap_reached")
    assert told["usage"]["input_tokens"] == 0
    assert before == 1
    assert len(modelled.models.asked(provider)) == before


def test_a_website_has_its_own_model_or_none(modelled: Modelled) -> None:
    site = modelled.house.acme
    modelled.connect(site, "good")
    own = modelled.connect(site, "silent", is_default=False)
    modelled.connect(site, "good")
    sites = Website.objects.filter(pk=site.website.pk)
    try:
        with tenant_scope(site.schema):
            sites.update(model_connection=own)
        visitor = modelled.house.visitor()
        visitor.say(DRIPS)
        assert modelled.turns(site, visitor.session)[0]["usage"]["connection"] == str(own.id)
        with tenant_scope(site.schema):
            sites.update(rules_only=True)
        visitor = modelled.house.visitor()
        visitor.say(DRIPS)
        [told] = modelled.turns(site, visitor.session)
        assert (told["heard"], told["degraded"], "connection" in told["usage"]) == (
            None,
            False,
            False,
        )
    finally:
        with tenant_scope(site.schema):
            sites.update(model_connection=None, rules_only=False)


def test_one_customer_s_model_reads_nobody_else_s_visitors(modelled: Modelled) -> None:
    modelled.connect(modelled.house.acme, "good")
    other = modelled.house.globex
    visitor = modelled.house.visitor(other)
    visitor.say(DRIPS)
    [told] = modelled.turns(other, visitor.session)
    assert (told["heard"], told["degraded"]) == (None, False)


def test_a_key_that_cannot_be_read_any_more_degrades_and_fails_nothing(modelled: Modelled) -> None:
    site = modelled.house.acme
    row = modelled.connect(site, "good")
    with tenant_scope(site.schema):
        ModelConnection.objects.filter(pk=row.pk).update(sealed_key="sealed with a lost key")
    visitor = modelled.house.visitor()
    visitor.say("My name is Ann Smith")
    [told] = modelled.turns(site, visitor.session)
    assert (told["degraded"], told["trouble"]) == (True, "key_unreadable")


def test_a_model_s_turn_costs_one_statement_more(modelled: Modelled) -> None:
    site = modelled.house.acme
    counts = []
    for behaviour in ("off", "good"):
        modelled.connect(site, behaviour, is_active=behaviour != "off")
        with modelled.house.visitor().socket() as tab:
            tab.reply_to(tab.say("hello"))
            with modelled.house.ground.database.counted() as statements:
                tab.reply_to(tab.say("My name is Ann Smith"))
        counts.append(statements.count)
    assert counts[1] == counts[0] + 1


def test_a_conversation_with_a_model_is_replayed_from_the_record(modelled: Modelled) -> None:
    site = modelled.house.acme
    row = modelled.connect(site, "good")
    visitor = modelled.house.visitor()
    for text in (DRIPS, "My name is Ann Smith"):
        visitor.say(text)
    provider = modelled.models.provider("good", model=row.model_name)
    asked = len(modelled.models.asked(provider))
    checked = manage(modelled.house.ground, "verify_session", visitor.session)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "2 turns replayed, every state is the recorded one." in checked.stdout
    assert len(modelled.models.asked(provider)) == asked == 2


def test_a_model_is_tried_out_on_the_runner_that_turns_run_on(modelled: Modelled) -> None:
    row = modelled.connect(modelled.house.acme, "good")
    found = async_to_sync(try_model)(row)
    assert (found.ok, found.method) == (True, "json_schema")
    row = modelled.connect(modelled.house.acme, "locked")
    found = async_to_sync(try_model)(row)
    assert (found.ok, found.code) == (False, "unauthorised")
    assert "Enter a key" in found.mend


def test_the_key_is_nowhere_but_sealed(modelled: Modelled) -> None:
    """Last, when every other test has left what it leaves."""
    modelled.connect(modelled.house.acme, "locked")
    modelled.house.visitor().say(DRIPS)
    names = modelled.query(
        "SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables"
        " WHERE table_type = 'BASE TABLE'"
        " AND table_schema NOT IN ('pg_catalog', 'information_schema')"
    )
    kept = [str(modelled.query(f"SELECT to_jsonb(t) FROM {name} t")) for (name,) in names]
    kept += [served.said(10_000_000) for served in modelled.house.ground.processes]
    assert not [text[:300] for text in kept if KEY in text or KEY.encode().hex() in text]
    assert any("sealed_key" in text for text in kept)
