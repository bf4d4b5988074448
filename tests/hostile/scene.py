"""A tenant in which everything that anybody can name or say is hostile."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from sessions_app import relaying
from sessions_app.models import Message, Session
from sessions_app.services.effects import record_effect
from sessions_app.tasks import relay
from tenants.scope import tenant_scope
from tenants.staff.models import Staff
from tenants.workspace.models import (
    ApiKey,
    ModelConnection,
    Template,
    TemplateVersion,
    Webhook,
    Website,
)
from tests.dashboard.office import Conversation, add_person, owe_events
from tests.gateway.house import House, Site, build_site, open_house
from tests.hostile.corpora import formulas, markup
from tests.hostile.scripts import PLANT
from tests.webhooks.sink import Heard, open_sink

SCHEMA = "t_acme"
# A formula and a script in one: every text of the tenant is both.
EVIL = f"=1+1{PLANT}"
DOCUMENT: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": EVIL,
    "description": EVIL,
    "type": "object",
    "x-intake": {"greeting": EVIL, "confirm": True, "max_turns": 500},
    "properties": {
        "kind": {
            "title": EVIL,
            "description": EVIL,
            "enum": ["one", "two"],
            "x-intake": {"ask": EVIL, "labels": {"one": EVIL, "two": f"two {EVIL}"}},
        },
        "note": {"type": "string", "title": EVIL, "x-intake": {"ask": EVIL, "pii": True}},
        "more": {"type": "string", "title": f"More {EVIL}", "x-intake": {"ask": EVIL}},
    },
    "required": ["kind", "note"],
}


@dataclass(frozen=True)
class Scene:
    """`paths` are the dashboard's pages, `lines` the texts of the conversation shown there."""

    house: House
    site: Site
    emails: dict[str, str]
    paths: dict[str, str]
    lines: list[str]
    heard: Heard
    secret: str


@contextmanager
def open_scene(folder: Path, origin: str) -> Iterator[Scene]:
    with open_house(folder, LIMITS_FACTOR="100000") as house:
        yield furnish(house, origin)


def furnish(house: House, origin: str) -> Scene:
    site = build_site(SCHEMA, DOCUMENT, origin=origin)
    with tenant_scope(SCHEMA):
        Website.objects.filter(id=site.website.id).update(
            name=EVIL, title=EVIL[:60], launcher_title=EVIL[:60]
        )
        Template.objects.filter(id=site.template.id).update(name=EVIL)
        ApiKey.objects.filter(website=site.website).update(name=EVIL)
        version = TemplateVersion.objects.get(template=site.template)
        session = new_session(site, version)
        lines = markup()
        record(session, version, lines)
        for text in formulas():
            new_value(new_session(site, version), text)
    heard, secret = heard_by_a_webhook(session)
    webhook = owe_events(session)
    emails = {"owner": add_person("owner"), "viewer": add_person("viewer")}
    with tenant_scope(SCHEMA):
        Staff.objects.all().update(name=EVIL)
        Webhook.objects.all().update(description=EVIL)
        ModelConnection.objects.create(name=EVIL, model_name=EVIL[:60])
    return Scene(house, site, emails, pages(site, session, webhook), lines, heard, secret)


def new_session(site: Site, version: TemplateVersion) -> Session:
    return Session.objects.create(
        website=site.website,
        template_version=version,
        last_activity_at=timezone.now(),
        identity={"sub": EVIL, "name": EVIL},
    )


def record(session: Session, version: TemplateVersion, lines: list[str]) -> None:
    talk = Conversation(session, version)
    talk.visitor(EVIL, ("note", EVIL, PLANT, "set"))
    talk.visitor(f"{EVIL}, no", ("note", f"no {EVIL}", EVIL, "corrected"))
    talk.visitor(f"{EVIL}?", ("more", EVIL, EVIL, f"refused:{PLANT[:30]}"))
    roles = (Message.Role.VISITOR, Message.Role.ASSISTANT)
    Message.objects.bulk_create(
        Message(session=session, role=roles[number % 2], text=text, uid=uuid4())
        for number, text in enumerate(lines)
    )


def new_value(session: Session, text: str) -> None:
    talk = Conversation(session, session.template_version)
    talk.visitor(text, ("note", text, text, "set"))


def heard_by_a_webhook(session: Session) -> tuple[Heard, str]:
    """What an endpoint is sent of a document whose every value is hostile, and its secret."""
    document = {"note": EVIL, "more": formulas(), "kind": markup()[:50]}
    before = settings.OUTBOUND_ALLOWED_HOSTS, relaying.RELAY_SECONDS
    with open_sink() as sink:
        settings.OUTBOUND_ALLOWED_HOSTS = frozenset({"127.0.0.1"})
        relaying.RELAY_SECONDS = 300.0
        with tenant_scope(SCHEMA):
            webhook = Webhook.objects.create(url=sink.url(), description=EVIL)
            record_effect(session.pk, 9, "session.completed", {"document": document})
        relay()
        settings.OUTBOUND_ALLOWED_HOSTS, relaying.RELAY_SECONDS = before
        (heard,) = sink.heard
    assert heard.said["data"]["document"] == document
    with tenant_scope(SCHEMA):
        webhook.delete()
    return heard, webhook.secret


def pages(site: Site, session: Session, webhook: Webhook) -> dict[str, str]:
    workspace, sessions = "/admin/workspace", "/admin/sessions_app"
    website = f"{workspace}/website/{site.website.id}"
    with tenant_scope(SCHEMA):
        key = ApiKey.objects.filter(website=site.website)[0]
        version = TemplateVersion.objects.get(template=site.template)
        delivery = webhook.deliveries.all()[0]
        person = Staff.objects.get(role="viewer")
        model = ModelConnection.objects.get()
    return {
        "home": "/admin/",
        "conversations": f"{sessions}/session/",
        "search": f"{sessions}/session/?q={quote(PLANT)}",
        "transcript": f"{sessions}/session/{session.pk}/change/",
        "templates": f"{workspace}/template/",
        "template": f"{workspace}/template/{site.template.pk}/change/",
        "version": f"{workspace}/templateversion/{version.pk}/change/",
        "websites": f"{workspace}/website/",
        "website": f"{website}/change/",
        "snippet": f"{website}/snippet/",
        "keys": f"{workspace}/apikey/",
        "key": f"{workspace}/apikey/{key.pk}/change/",
        "revoke": f"{workspace}/apikey/{key.pk}/revoke/",
        "new key": f"{workspace}/apikey/add/",
        "models": f"{workspace}/modelconnection/",
        "model": f"{workspace}/modelconnection/{model.pk}/change/",
        "webhooks": f"{workspace}/webhook/",
        "webhook": f"{workspace}/webhook/{webhook.pk}/change/",
        "deliveries": f"{sessions}/delivery/",
        "delivery": f"{sessions}/delivery/{delivery.pk}/change/",
        "people": "/admin/staff/staff/",
        "person": f"/admin/staff/staff/{person.pk}/change/",
    }
