"""Makes the demo's tenants, people, websites, templates and keys. Safe to run at every start."""

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from chatsaas.demo.customers import CUSTOMERS, Customer
from chatsaas.servers.runfile import read_private, write_private
from tenants.keys import issue_key, live_key
from tenants.models import Domain, Tenant
from tenants.provisioning import provision_tenant, register_tenant
from tenants.publishing import publish_template
from tenants.scope import tenant_scope
from tenants.staff.models import Staff
from tenants.workspace.models import ApiKey, Template, Website

TEMPLATES = Path(__file__).resolve().parent / "templates"
OPERATOR = "operator@chatsaas.example"


@dataclass(frozen=True)
class Login:
    """A person who can sign in, and where."""

    place: str
    email: str


@dataclass
class Seeded:
    """What the demo keeps between starts: keys are shown once, so it must remember its own."""

    password: str
    keys: dict[str, str]


def seed(state_dir: Path, *, origin: str, base_domain: str) -> Seeded:
    """Bring both customers to the state the demo promises. `origin` is the customers' website."""
    record = state_dir / "demo.json"
    kept = Seeded(**(read_private(record) or {"password": secrets.token_urlsafe(9), "keys": {}}))
    _ensure_staff(OPERATOR, kept.password, role=Staff.Role.OWNER, is_superuser=True)
    for customer in CUSTOMERS:
        tenant = _ensure_tenant(customer, base_domain)
        with tenant_scope(tenant.schema_name):
            kept.keys[customer.slug] = _ensure_workspace(
                customer, kept.password, origin, kept.keys.get(customer.slug)
            )
    write_private(record, asdict(kept))
    return kept


def logins(gateway_port: int, base_domain: str) -> list[Login]:
    """Every door of the demo with who may pass it; they share one password."""
    operator = Login(f"http://{base_domain}:{gateway_port}/admin/", OPERATOR)
    people = [
        Login(
            f"http://{customer.slug}.{base_domain}:{gateway_port}/admin/",
            f"{role}@{customer.website}",
        )
        for customer in CUSTOMERS
        for role in ("owner", "reviewer")
    ]
    return [operator, *people]


def _ensure_tenant(customer: Customer, base_domain: str) -> Tenant:
    tenant: Tenant | None = Tenant.objects.filter(slug=customer.slug).first()
    if tenant is None:
        tenant = register_tenant(
            name=customer.name,
            slug=customer.slug,
            domain=f"{customer.slug}.{base_domain}",
            owner_email=f"owner@{customer.website}",
        )
    if not tenant.is_active:
        tenant = provision_tenant(tenant.id)
    Domain.objects.get_or_create(
        domain=f"{customer.slug}.{base_domain}", defaults={"tenant": tenant, "is_primary": True}
    )
    return tenant


def _ensure_workspace(customer: Customer, password: str, origin: str, key: str | None) -> str:
    """The site key of the customer's website: the one of an earlier start if it still works."""
    for role in (Staff.Role.OWNER, Staff.Role.REVIEWER):
        _ensure_staff(f"{role.value}@{customer.website}", password, role=role)
    website = _ensure_website(customer, origin)
    if key and live_key(key):
        return key
    return issue_key(website, kind=ApiKey.Kind.PUBLISHABLE, name="Website").plain


def _ensure_website(customer: Customer, origin: str) -> Website:
    template = _ensure_template(customer)
    website, _ = Website.objects.get_or_create(
        name=customer.website,
        defaults={
            "template": template,
            "colour": customer.colour,
            "region": customer.region,
            "timezone": customer.timezone,
            "title": customer.title,
            "launcher_title": f"Chat with {customer.name}",
        },
    )
    if not website.allows(origin):
        website.allowed_origins = [*website.allowed_origins, origin]
        website.save(update_fields=["allowed_origins"])
    return website


def _ensure_template(customer: Customer) -> Template:
    document = json.loads((TEMPLATES / customer.template).read_text())
    template, _ = Template.objects.get_or_create(
        name=document["title"], defaults={"draft": document}
    )
    if template.published_id is None:
        publish_template(template)
    return template


def _ensure_staff(
    email: str, password: str, *, role: Staff.Role, is_superuser: bool = False
) -> None:
    if not Staff.objects.filter(email=email).exists():
        Staff.objects.create_user(
            email,
            password,
            name=email.partition("@")[0].title(),
            role=role,
            is_staff=True,
            is_superuser=is_superuser,
        )
