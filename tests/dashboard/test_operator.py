"""The operator's dashboard: tenants are made here and provisioned in the background."""

import pytest
from django.core import mail
from django.test import Client

from tenants.models import Domain, Tenant
from tenants.plans import FIGURES
from tenants.staff.models import Staff
from tenants.tasks import provision
from tests.dashboard.office import PASSWORD, dashboard, operator, page_of, sign_in

pytestmark = pytest.mark.usefixtures("ground")
TENANTS = "/admin/tenants/tenant"
NEW = {
    "name": "Initech",
    "slug": "initech",
    "domain": "initech.localhost",
    "owner_email": "peter@initech.example",
}


@pytest.fixture
def desk(ground: object) -> Client:
    Staff.objects.create_superuser("op@example.com", PASSWORD)
    client = operator()
    assert sign_in(client, "op@example.com").status_code == 302
    return client


def test_a_new_tenant_is_provisioned_and_its_owner_comes_in(desk: Client) -> None:
    response = desk.post(f"{TENANTS}/add/", NEW, follow=True)
    assert "being set up in the background" in response.content.decode()
    tenant = Tenant.objects.get(slug="initech")
    assert tenant.status == Tenant.Status.PROVISIONING
    provision(tenant.pk)
    visitor = Client(headers={"host": "initech.localhost"})
    visitor.post("/accounts/password/reset/", {"email": "peter@initech.example"})
    assert mail.outbox[-1].to == ["peter@initech.example"]
    assert "Active" in page_of(desk, f"{TENANTS}/")


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("slug", "Bad Name", "Use 2 to 28 lower-case letters"),
        ("domain", "https://initech.example/", "Write a host name alone"),
        ("domain", "acme.localhost", "belongs to a tenant already"),
        ("slug", "acme", "already exists"),
    ],
)
def test_a_bad_tenant_is_refused_with_its_reason(
    desk: Client, field: str, value: str, reason: str
) -> None:
    response = desk.post(f"{TENANTS}/add/", {**NEW, field: value})
    assert reason in response.content.decode()
    assert not Tenant.objects.filter(name="Initech").exists()


def test_a_tenant_whose_provisioning_failed_can_be_tried_again(desk: Client) -> None:
    tenant = Tenant.objects.get(slug="acme")
    Tenant.objects.filter(pk=tenant.pk).update(
        status=Tenant.Status.FAILED, provisioning_error="disk full"
    )
    assert "disk full" in page_of(desk, f"{TENANTS}/{tenant.pk}/change/")
    assert desk.get(f"{TENANTS}/{tenant.pk}/retry/").status_code == 405
    desk.post(f"{TENANTS}/{tenant.pk}/retry/")
    tenant.refresh_from_db()
    assert tenant.status == Tenant.Status.PROVISIONING


def test_a_suspended_tenant_is_shut_and_can_be_opened_again(desk: Client) -> None:
    tenant = Tenant.objects.get(slug="acme")
    desk.post(f"{TENANTS}/{tenant.pk}/suspend/")
    assert dashboard().get("/accounts/login/").status_code == 403
    desk.post(f"{TENANTS}/{tenant.pk}/resume/")
    assert dashboard().get("/accounts/login/").status_code == 200


def test_a_tenant_can_have_a_second_address(desk: Client) -> None:
    tenant = Tenant.objects.get(slug="acme")
    domain = Domain.objects.get(tenant=tenant)
    form = {
        "name": tenant.name,
        "owner_email": tenant.owner_email,
        **{name: str(getattr(tenant, name)) for name in FIGURES},
        "domains-TOTAL_FORMS": "2",
        "domains-INITIAL_FORMS": "1",
        "domains-0-id": str(domain.pk),
        "domains-0-tenant": str(tenant.pk),
        "domains-0-domain": domain.domain,
        "domains-0-is_primary": "on",
        "domains-1-tenant": str(tenant.pk),
        "domains-1-domain": "roofs.localhost",
    }
    response = desk.post(f"{TENANTS}/{tenant.pk}/change/", form)
    assert response.status_code == 302, response.content.decode()
    assert Client(headers={"host": "roofs.localhost"}).get("/accounts/login/").status_code == 200
    assert dashboard().get("/accounts/login/").status_code == 200


def test_operators_are_added_as_operators(desk: Client) -> None:
    new = {"email": "second@example.com", "name": "", "is_active": "on"}
    assert desk.post("/admin/staff/staff/add/", new).status_code == 302
    assert Staff.objects.get(email="second@example.com").is_superuser
    assert "/accounts/password/reset/key/" in mail.outbox[0].body
