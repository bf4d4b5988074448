"""`python -m chatsaas.chaos.furnish`: fills an empty database with tenants for the visitors.

Reads as JSON from standard input the tenants' canaries and the ports of the customers' server and
of the provider of models; writes what the clients have to know.
The scratch mark is written first: a database that holds anything is refused.
"""

import json
import os
import sys
from dataclasses import asdict
from typing import Any

import django

from ai_bridge.failpoints import GROUND
from ai_bridge.scratch import write_mark
from chatsaas.chaos.script import template_of
from chatsaas.chaos.world import ORIGIN, Site
from chatsaas.servers.ports import LOOPBACK

# A provider that hangs holds up a turn for so long.
MODEL_SECONDS = 2


def main() -> None:
    told = json.load(sys.stdin)
    canaries: dict[str, str] = told["canaries"]
    sink, provider = (f"http://{LOOPBACK}:{told[name]}" for name in ("sink", "provider"))
    write_mark(os.environ["DATABASE_URL"], os.environ[GROUND])
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    call_command("install_database", stdout=sys.stderr)
    sites = [asdict(_site(tenant, canary, sink, provider)) for tenant, canary in canaries.items()]
    json.dump({"runner_database_url": settings.RUNNER_DATABASE_URL, "sites": sites}, sys.stdout)


def _site(tenant: str, canary: str, sink: str, provider: str) -> Site:
    from tenants.provisioning import provision_tenant, register_tenant
    from tenants.scope import tenant_scope
    from tenants.workspace.models import Webhook

    made = register_tenant(
        name=f"Tenant {tenant}",
        slug=tenant,
        domain=f"{tenant}.localhost",
        owner_email=f"owner@{canary}.example",
    )
    provision_tenant(made.id)
    with tenant_scope(made.schema_name):
        template = _template(canary)
        Webhook.objects.create(url=f"{sink}/{tenant}")
        key = _key_of_website(canary, template, None)
        model_key = _key_of_website(canary, template, _model(canary, provider))
    return Site(tenant, made.schema_name, key, model_key, canary)


def _template(canary: str) -> Any:
    from tenants.publishing import publish_template
    from tenants.workspace.models import Template

    template = Template.objects.create(name=f"Booking {canary}", draft=template_of(canary))
    publish_template(template)
    return template


def _model(canary: str, provider: str) -> Any:
    from tenants.workspace.models import ModelConnection

    made = ModelConnection(
        name=f"Model {canary}",
        model_name="any",
        base_url=f"{provider}/v1",
        timeout_seconds=MODEL_SECONDS,
    )
    made.set_key(f"sk-{canary}")
    made.save()
    return made


def _key_of_website(canary: str, template: Any, model: Any) -> str:
    from tenants.keys import issue_key
    from tenants.workspace.models import ApiKey, Website

    website = Website.objects.create(
        name=f"{canary}.example",
        template=template,
        allowed_origins=[ORIGIN],
        region="GB",
        model_connection=model,
    )
    return issue_key(website, kind=ApiKey.Kind.PUBLISHABLE, name="page").plain


if __name__ == "__main__":
    main()
