"""`python -m chatsaas.chaos.furnish`: fills an empty database with tenants for the visitors.

Reads the tenants' canaries as JSON from standard input and writes what the clients have to know.
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


def main() -> None:
    canaries: dict[str, str] = json.load(sys.stdin)
    write_mark(os.environ["DATABASE_URL"], os.environ[GROUND])
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    call_command("install_database", stdout=sys.stderr)
    sites = [asdict(_site(tenant, canary)) for tenant, canary in canaries.items()]
    json.dump({"runner_database_url": settings.RUNNER_DATABASE_URL, "sites": sites}, sys.stdout)


def _site(tenant: str, canary: str) -> Site:
    from tenants.keys import issue_key
    from tenants.provisioning import provision_tenant, register_tenant
    from tenants.scope import tenant_scope
    from tenants.workspace.models import ApiKey

    made = register_tenant(
        name=f"Tenant {tenant}",
        slug=tenant,
        domain=f"{tenant}.localhost",
        owner_email=f"owner@{canary}.example",
    )
    provision_tenant(made.id)
    with tenant_scope(made.schema_name):
        key = issue_key(_website(canary), kind=ApiKey.Kind.PUBLISHABLE, name="page").plain
    return Site(tenant, made.schema_name, key, canary)


def _website(canary: str) -> Any:
    from tenants.publishing import publish_template
    from tenants.workspace.models import Template, Website

    template = Template.objects.create(name=f"Booking {canary}", draft=template_of(canary))
    publish_template(template)
    return Website.objects.create(
        name=f"{canary}.example", template=template, allowed_origins=[ORIGIN], region="GB"
    )


if __name__ == "__main__":
    main()
