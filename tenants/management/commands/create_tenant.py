"""`manage.py create_tenant NAME --domain D --owner EMAIL`: a new customer."""

import re
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from celery import current_app
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import IntegrityError
from kombu.exceptions import OperationalError

from tenants.models import HOST, SLUG
from tenants.provisioning import register_tenant


class Command(BaseCommand):
    help = "Records a tenant and has the worker build it. The dashboard opens when it is ready."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the customer's name, as people read it")
        parser.add_argument("--domain", required=True, help="host name of its dashboard")
        parser.add_argument("--owner", required=True, help="e-mail of the first account")
        parser.add_argument("--slug", help="names its schema; follows from the name if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["slug"] or _slug_of(options["name"])
        _check(slug, SLUG)
        _check(options["domain"], HOST)
        _check(options["owner"], validate_email)
        try:
            tenant = register_tenant(
                name=options["name"],
                slug=slug,
                domain=options["domain"],
                owner_email=options["owner"],
            )
        except IntegrityError as error:
            raise CommandError(
                f"A tenant with the slug {slug} or the domain {options['domain']} exists already. "
                "Choose others with --slug and --domain."
            ) from error
        self._queue(tenant.pk)
        self.stdout.write(
            f"{tenant.name} is recorded as {tenant.schema_name}. The worker builds it now; then "
            f"{options['owner']} sets a password at {_dashboard(options['domain'])}"
            "/accounts/password/reset/."
        )

    def _queue(self, tenant_id: int) -> None:
        try:
            current_app.send_task("tenants.tasks.provision", [tenant_id])
        except OperationalError:
            self.stderr.write("Redis does not answer: a worker builds the tenant once it does.")


def _check(text: str, rule: Callable[[str], None]) -> None:
    try:
        rule(text)
    except ValidationError as error:
        raise CommandError(f"{text}: {' '.join(error.messages)}") from error


def _dashboard(domain: str) -> str:
    """Tenants' dashboards are reached as the gateway is, under a name of their own."""
    public = urlsplit(settings.PUBLIC_URL)
    return f"{public.scheme}://{domain}{f':{public.port}' if public.port else ''}"


def _slug_of(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:28]
