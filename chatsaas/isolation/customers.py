"""Makes the eight tenants of an isolation run, in a process of its own on an empty database.

`python -m chatsaas.isolation.customers SEED SINK` writes the scratch mark first, and prints what
the drivers have to know as JSON. Webhooks of each tenant go to its own address below SINK.
"""

import json
import os
import sys
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from ai_bridge.failpoints import GROUND
from ai_bridge.scratch import write_mark
from chatsaas.isolation.canaries import Canary, make_canaries

# Every tenant's rows have the same ids: who reads in the wrong place finds something there.
TEMPLATE_ID, VERSION_ID, WEBSITE_ID, WEBHOOK_ID = (UUID(int=n, version=4) for n in range(1, 5))
PASSWORD = "a passphrase for one run alone"


@dataclass(frozen=True)
class Customer:
    """One tenant: what opens its doors."""

    slug: str
    word: str
    host: str
    origin: str
    site_key: str
    secret_key: str
    email: str
    webhook: str

    @property
    def canary(self) -> Canary:
        return Canary(self.slug, self.word)


def template_of(word: str) -> dict[str, Any]:
    """Every text of it carries the word."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Enquiry {word}",
        "description": f"What {word} wants to know",
        "type": "object",
        "x-intake": {
            "greeting": f"Welcome to {word}.",
            "closing": f"{word} thanks you, {{name}}.",
            "confirm": False,
            "max_turns": 500,
        },
        "properties": {
            "name": {
                "type": "string",
                "title": f"Name for {word}",
                "x-intake": {"kind": "name", "ask": f"{word} asks your name?", "why": word},
            },
            "email": {
                "type": "string",
                "format": "email",
                "x-intake": {"ask": f"{word} asks your e-mail?", "pii": True},
            },
            "note": {
                "type": "string",
                "x-intake": {"ask": f"Anything else for {word}?", "help": f"Ask {word}"},
            },
        },
        "required": ["name", "email", "note"],
    }


def main(seed: int, sink: str) -> None:
    write_mark(os.environ["DATABASE_URL"], os.environ[GROUND])
    import django

    django.setup()
    from django.conf import settings

    from chatsaas.installing import install

    for step in install():
        print(step, file=sys.stderr)
    made = [asdict(_make(canary, sink)) for canary in make_canaries(seed)]
    found = {"runner_database_url": settings.RUNNER_DATABASE_URL, "customers": made}
    json.dump(found, sys.stdout)


def _make(canary: Canary, sink: str) -> Customer:
    from tenants.provisioning import provision_tenant, register_tenant
    from tenants.scope import tenant_scope

    host, email = f"{canary.slug.replace('_', '-')}.localhost", f"owner@{canary.word}.example"
    tenant = register_tenant(
        name=f"Customer {canary.word}", slug=canary.slug, domain=host, owner_email=email
    )
    provision_tenant(tenant.pk)
    with tenant_scope(tenant.schema_name):
        _fill_desk(canary.word, _ensure_owner(email, canary.word))
        return _furnish(canary, host, email, sink)


def _furnish(canary: Canary, host: str, email: str, sink: str) -> Customer:
    from tenants.keys import issue_key
    from tenants.workspace.models import ApiKey, Website

    word, origin = canary.word, f"https://{host.partition('.')[0]}.example"
    website = Website.objects.create(
        id=WEBSITE_ID,
        name=f"{word}.example",
        title=f"Chat with {word}",
        launcher_title=f"Chat with {word}",
        template=_publish(word),
        # The second is for the column alone: a refusal may say again which Origin was sent.
        allowed_origins=[origin, f"https://{word}.example"],
    )
    return Customer(
        slug=canary.slug,
        word=word,
        host=host,
        origin=origin,
        site_key=issue_key(website, kind=ApiKey.Kind.PUBLISHABLE, name=f"page {word}").plain,
        secret_key=issue_key(website, kind=ApiKey.Kind.SECRET, name=f"server {word}").plain,
        email=email,
        webhook=_add_webhook(canary, website, sink),
    )


def _publish(word: str) -> Any:
    from ai_bridge.intake import template_hash
    from tenants.workspace.models import Template

    document = template_of(word)
    made = Template.objects.create(id=TEMPLATE_ID, name=f"Enquiry {word}", draft=document)
    made.published = made.versions.create(
        id=VERSION_ID, number=1, document=document, hash=template_hash(document)
    )
    made.save(update_fields=["published"])
    return made


def _add_webhook(canary: Canary, website: Any, sink: str) -> str:
    from tenants.workspace.models import Webhook

    made = Webhook.objects.create(
        id=WEBHOOK_ID,
        website=website,
        url=f"{sink}/{canary.slug}/{canary.word}",
        description=f"Tells {canary.word}",
    )
    return made.public_id


def _fill_desk(word: str, owner: Any) -> None:
    """Rows that no visitor makes: a model that is not in use, and what staff leave behind."""
    from allauth.account.models import EmailAddress
    from django.contrib.admin.models import CHANGE, LogEntry

    from tenants.workspace.models import ModelConnection

    ModelConnection.objects.create(
        name=f"Model {word}",
        model_name=f"{word}-large",
        base_url=f"https://{word}.example/v1",
        persona=f"You are {word}",
        system_prompt=f"Never tell that you are {word}",
        is_active=False,
    )
    EmailAddress.objects.create(user=owner, email=f"second@{word}.example")
    LogEntry.objects.create(
        user=owner, action_flag=CHANGE, object_repr=f"Page {word}", change_message=word
    )


def _ensure_owner(email: str, word: str) -> Any:
    from tenants.staff.models import Staff

    person = Staff.objects.filter(email=email).first()
    if person is None:
        person = Staff.objects.create_user(
            email, PASSWORD, name=f"Owner {word}", role=Staff.Role.OWNER, is_staff=True
        )
    else:
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
    return person


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
