"""A tenant with people, a website, and one recorded conversation to look at."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from sessions_app.models import Attempt, Delivery, FieldValue, Message, Session, Turn
from sessions_app.services.effects import record_effect
from tenants.keys import issue_key
from tenants.publishing import publish_template
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

PASSWORD = "a long enough passphrase"
HOSTS = {"t_acme": "acme.localhost", "t_globex": "globex.localhost"}
DOCUMENT: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Roof quote",
    "type": "object",
    "properties": {
        "name": {"type": "string", "title": "Name", "x-intake": {"kind": "name", "pii": True}},
        "phone": {"type": "string", "title": "Phone", "x-intake": {"kind": "phone", "pii": True}},
        "visit": {"type": "string", "format": "date", "title": "Day of visit"},
        "address": {
            "type": "object",
            "properties": {"city": {"type": "string", "title": "City"}},
        },
    },
    "required": ["name", "visit"],
}


def dashboard(schema: str = "t_acme") -> Client:
    """A browser without a sign-in at this tenant's host."""
    return Client(headers={"host": HOSTS[schema]})


def operator() -> Client:
    return Client(headers={"host": "localhost"})


def sign_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password})


def add_person(role: str, schema: str = "t_acme") -> str:
    """The e-mail address of a new person, who signs in with PASSWORD."""
    email = _email(role, schema)
    with tenant_scope(schema):
        Staff.objects.create_user(email, PASSWORD, role=role, is_staff=True)
    return email


def _email(role: str, schema: str) -> str:
    return f"{role}@{schema.removeprefix('t_')}.example"


def signed_in(role: str, schema: str = "t_acme") -> Client:
    """A browser in which a new person of this role has signed in, without the costly password."""
    client = dashboard(schema)
    with tenant_scope(schema):
        person = Staff.objects.create_user(_email(role, schema), role=role, is_staff=True)
        client.force_login(person)
    return client


def page_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, f"{path}: {response.status_code}"
    return response.content.decode()


@dataclass
class Conversation:
    """Builds a recorded conversation, message by message. Use it in the tenant's scope."""

    session: Session
    version: TemplateVersion

    def assistant(self, text: str) -> None:
        Message.objects.create(session=self.session, role=Message.Role.ASSISTANT, text=text)

    def visitor(self, text: str, *values: tuple[str, Any, str, str]) -> None:
        """A message with what it gave: (path, value, quote, status), reason after a colon."""
        turn = Turn.objects.create(
            session=self.session,
            request_id=uuid4(),
            ordinal=self.session.turns.count() + 1,
            input={"kind": "message"},
            status=Turn.Status.DONE,
            now=timezone.now().isoformat(),
            locale="en",
        )
        Message.objects.create(
            session=self.session,
            uid=turn.request_id,
            turn=turn,
            role=Message.Role.VISITOR,
            text=text,
        )
        for path, value, quote, status in values:
            kind, _, reason = status.partition(":")
            start = text.index(quote)
            FieldValue.objects.create(
                session=self.session,
                turn=turn,
                template_version=self.version,
                path=path,
                value=value,
                status=kind,
                reason=reason,
                message_uid=turn.request_id,
                quote=quote,
                start=start,
                end=start + len(quote),
                method="rule",
                checkpoint_id="c",
            )


def open_website(schema: str = "t_acme") -> Website:
    with tenant_scope(schema):
        template = Template.objects.create(name="Roof quote", draft=DOCUMENT)
        publish_template(template)
        return Website.objects.create(
            name="Main site", allowed_origins=["https://www.acme.example"], template=template
        )


def record_conversation(schema: str = "t_acme") -> Session:
    """A conversation with a correction, a refused value, an emoji and a nested field."""
    website = open_website(schema)
    with tenant_scope(schema):
        version = TemplateVersion.objects.get()
        session = Session.objects.create(
            website=website,
            template_version=version,
            last_activity_at=timezone.now(),
            filled=2,
            required=2,
        )
        talk = Conversation(session, version)
        talk.assistant("Hello! What is your name?")
        talk.visitor("I'm Jon Smith 🙂 from Bath", ("name", "Jon Smith", "Jon Smith", "set"))
        talk.assistant("Thank you, Jon Smith. When shall we come?")
        talk.visitor(
            "It's 😀 John Smyth, sorry. 24 November in Springfield, not yesterday",
            ("name", "John Smyth", "John Smyth", "corrected"),
            ("visit", "2026-11-24", "24 November", "set"),
            ("address.city", "Springfield", "Springfield", "set"),
            ("visit", "2026-11-20", "yesterday", "refused:past"),
        )
        talk.visitor("Call +1 415 555 0132", ("phone", "+14155550132", "+1 415 555 0132", "set"))
        talk.assistant("John Smyth, we call (415) 555-0132. Is that right?")
        return session


def owe_events(session: Session, schema: str = "t_acme") -> Webhook:
    """A webhook with one delivery that failed, one that waits, and one that is to come."""
    with tenant_scope(schema):
        webhook = Webhook.objects.create(
            url="https://crm.acme.example/hooks/" + "intake" * 20, description="CRM"
        )
        record_effect(session.pk, 1, "session.completed", {"document": {"name": "Jon"}})
        record_effect(session.pk, 2, "session.closed", {"reason": "visitor"})
        first, second = Delivery.objects.order_by("outbox_id")
        Attempt.objects.create(
            delivery=first,
            number=1,
            outcome=Attempt.Outcome.ANSWERED,
            status_code=500,
            latency_ms=42,
            detail="Answered 500; only 2xx counts as received.",
            answer="<script>alert(1)</script>",
            finished_at=timezone.now(),
        )
        changes = {"attempt": 1, "failures": 1, "next_at": timezone.now() + timedelta(days=1)}
        Delivery.objects.filter(pk=first.pk).update(**changes)
        Delivery.objects.filter(pk=second.pk).update(status=Delivery.Status.FAILED, next_at=None)
    return webhook


def furnish() -> tuple[dict[str, str], dict[str, str]]:
    """One of everything: the people's addresses by role, and the address of every page by name."""
    session = record_conversation()
    webhook = owe_events(session)
    emails = {role: add_person(role) for role in ("owner", "viewer")}
    emails["operator"] = Staff.objects.create_superuser("operator@example.com", PASSWORD).email
    with tenant_scope("t_acme"):
        template, version = Template.objects.get(), TemplateVersion.objects.get()
        delivery = Delivery.objects.order_by("outbox_id")[0]
        key = issue_key(session.website, kind=ApiKey.Kind.PUBLISHABLE, name="Page").key
        person = Staff.objects.get(email=emails["viewer"])
        model = ModelConnection.objects.create(name="Main", model_name="a-small-model")
    workspace = "/admin/workspace"
    website = f"{workspace}/website/{session.website_id}"
    return emails, {
        "home": "/admin/",
        "conversations": "/admin/sessions_app/session/",
        "no conversation": "/admin/sessions_app/session/?q=nothing",
        "transcript": f"/admin/sessions_app/session/{session.pk}/change/",
        "templates": f"{workspace}/template/",
        "template": f"{workspace}/template/{template.pk}/change/",
        "version": f"{workspace}/templateversion/{version.pk}/change/",
        "websites": f"{workspace}/website/",
        "website": f"{website}/change/",
        "snippet": f"{website}/snippet/",
        "keys": f"{workspace}/apikey/",
        "key": f"{workspace}/apikey/{key.pk}/change/",
        "models": f"{workspace}/modelconnection/",
        "model": f"{workspace}/modelconnection/{model.pk}/change/",
        "model test": f"{workspace}/modelconnection/{model.pk}/test/",
        "new key": f"{workspace}/apikey/add/",
        "webhooks": f"{workspace}/webhook/",
        "webhook": f"{workspace}/webhook/{webhook.pk}/change/",
        "new webhook": f"{workspace}/webhook/add/",
        "rotate": f"{workspace}/webhook/{webhook.pk}/rotate/",
        "remove": f"{workspace}/webhook/{webhook.pk}/remove/",
        "deliveries": "/admin/sessions_app/delivery/",
        "no delivery": "/admin/sessions_app/delivery/?q=nothing",
        "delivery": f"/admin/sessions_app/delivery/{delivery.pk}/change/",
        "revoke": f"{workspace}/apikey/{key.pk}/revoke/",
        "people": "/admin/staff/staff/",
        "person": f"/admin/staff/staff/{person.pk}/change/",
        "history": f"/admin/staff/staff/{person.pk}/history/",
        "password": "/admin/password_change/",
    }
