"""Customers with websites, and the processes that serve them."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from tenants.keys import issue_key
from tenants.publishing import publish_template
from tenants.scope import tenant_scope
from tenants.workspace.models import ApiKey, Template, Website
from tests.gateway.visitor import Visitor
from tests.ground.ground import Ground, open_ground

ORIGIN = "https://www.roofs.example"
TEMPLATE: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Roof quote",
    "type": "object",
    "x-intake": {"greeting": "Hi! What can we do for your roof?", "confirm": False},
    "properties": {
        "service": {
            "enum": ["repair", "new_roof"],
            "x-intake": {"ask": "A repair or a new roof?", "labels": {"new_roof": "New roof"}},
        },
        "name": {"type": "string", "x-intake": {"kind": "name", "ask": "What is your name?"}},
        "email": {"type": "string", "format": "email", "x-intake": {"ask": "Your e-mail?"}},
    },
    "required": ["service", "name", "email"],
}


@dataclass(frozen=True)
class Site:
    """One customer's website. `identity_secret` is for its server alone."""

    schema: str
    website: Website
    template: Template
    key: str
    secret: str

    @property
    def identity_secret(self) -> str:
        return self.website.identity_secret


@dataclass(frozen=True)
class House:
    """`acme` and `globex` are two tenants with the same template and the same allowed origin."""

    ground: Ground
    acme: Site
    globex: Site

    @property
    def url(self) -> str:
        return self.ground.gateway_url

    def visitor(self, site: Site | None = None, **asked: Any) -> Visitor:
        return Visitor.arrive(self.url, (site or self.acme).key, ORIGIN, **asked)


@contextmanager
def open_house(folder: Path, **variables: str) -> Iterator[House]:
    """Gateway and runner over two customers; `variables` are the gateway's."""
    with ExitStack() as stack:
        ground = stack.enter_context(open_ground(folder))
        house = furnish(ground)
        stack.enter_context(ground.runner())
        stack.enter_context(ground.gateway(**cast("Mapping[str, Any]", variables)))
        yield house


def furnish(ground: Ground) -> House:
    """The customers alone; the test starts the processes it wants."""
    return House(ground, build_site("t_acme"), build_site("t_globex"))


def build_site(
    schema: str, document: dict[str, Any] | None = None, *, origin: str = ORIGIN
) -> Site:
    with tenant_scope(schema):
        template = Template.objects.create(name="Roof quote", draft=document or TEMPLATE)
        publish_template(template)
        website = Website.objects.create(
            name="roofs.example", template=template, allowed_origins=[origin]
        )
        key = issue_key(website, kind=ApiKey.Kind.PUBLISHABLE, name="page").plain
        secret = issue_key(website, kind=ApiKey.Kind.SECRET, name="server").plain
    return Site(schema, website, template, key, secret)
