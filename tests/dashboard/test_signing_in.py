"""Who comes in, at which host, and what the address alone decides."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from tenants.models import Tenant
from tenants.scope import tenant_scope
from tenants.staff.models import Staff
from tests.dashboard.office import (
    PASSWORD,
    add_person,
    dashboard,
    operator,
    page_of,
    sign_in,
    signed_in,
)
from tests.ground.ground import Ground

pytestmark = pytest.mark.usefixtures("ground")


def test_a_person_signs_in_by_email_and_password_and_out_again() -> None:
    client = dashboard()
    assert client.get("/admin/").headers["Location"] == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/").headers["Location"].startswith("/accounts/login/")
    response = sign_in(client, add_person("owner"))
    assert response.headers["Location"] == "/admin/"
    assert "Acme Roofing" in page_of(client, "/admin/")
    client.post("/admin/logout/")
    assert client.get("/admin/").status_code == 302


def test_a_wrong_password_is_refused_in_words() -> None:
    response = sign_in(dashboard(), add_person("owner"), "wrong")
    assert response.status_code == 200
    assert "are not correct" in response.content.decode()


def test_passwords_are_kept_as_argon2() -> None:
    email = add_person("owner")
    with tenant_scope("t_acme"):
        assert Staff.objects.get(email=email).password.startswith("argon2$argon2id$")


def test_tries_are_limited_also_with_the_right_password_in_the_end() -> None:
    email = add_person("owner")
    client = dashboard()
    for _ in range(5):
        sign_in(client, email, "wrong")
    response = sign_in(client, email)
    assert response.status_code == 200
    assert "Too many failed login attempts" in response.content.decode()


def test_the_login_of_one_tenant_is_refused_by_another() -> None:
    email = add_person("owner", "t_globex")
    response = sign_in(dashboard("t_acme"), email)
    assert response.status_code == 200
    assert "are not correct" in response.content.decode()
    assert sign_in(dashboard("t_globex"), email).status_code == 302


def test_a_session_cookie_of_one_tenant_opens_nothing_at_another() -> None:
    at_acme = signed_in("owner", "t_acme")
    at_globex = dashboard("t_globex")
    at_globex.cookies = at_acme.cookies
    assert at_globex.get("/admin/").status_code == 302


def test_a_tenants_owner_is_refused_on_the_operators_host() -> None:
    email = add_person("owner")
    assert sign_in(operator(), email).status_code == 200


def test_an_operators_login_is_refused_at_a_tenants_host() -> None:
    Staff.objects.create_superuser("op@example.com", PASSWORD)
    assert sign_in(dashboard(), "op@example.com").status_code == 200
    client = operator()
    assert sign_in(client, "op@example.com").status_code == 302
    assert "Acme Roofing" in page_of(client, "/admin/tenants/tenant/")


def test_nobody_can_sign_up() -> None:
    assert dashboard().get("/accounts/signup/").status_code == 404


def test_a_person_who_was_shut_out_is_out_at_once() -> None:
    client = signed_in("editor")
    with tenant_scope("t_acme"):
        Staff.objects.update(is_active=False)
    assert client.get("/admin/").status_code == 302


def test_an_unknown_host_is_told_that_nobody_lives_there() -> None:
    for host in ("nobody.localhost", "evil.example"):
        response = Client(headers={"host": host}).get("/admin/")
        assert response.status_code == 404
        assert "No workspace lives at this address" in response.content.decode()


def test_probes_and_the_api_are_answered_whatever_the_host() -> None:
    for host in ("nobody.localhost", "acme.localhost", "127.0.0.1"):
        assert Client(headers={"host": host}).get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (Tenant.Status.SUSPENDED, 403, "This workspace is suspended"),
        (Tenant.Status.PROVISIONING, 503, "This workspace is being set up"),
        (Tenant.Status.FAILED, 403, "could not be set up"),
    ],
)
def test_a_tenant_that_is_not_open_says_why(status: str, code: int, words: str) -> None:
    Tenant.objects.filter(slug="acme").update(status=status)
    response = dashboard().get("/admin/")
    assert (response.status_code, words in response.content.decode()) == (code, True)


def test_a_forgotten_password_is_set_anew_by_mail(ground: Ground) -> None:
    email = add_person("editor")
    client = dashboard()
    assert client.post("/accounts/password/reset/", {"email": email}).status_code == 302
    [letter] = mail.outbox
    assert letter.subject == "Choose a password for Acme Roofing"
    link = next(line for line in letter.body.splitlines() if line.startswith("http"))
    assert link.startswith("http://acme.localhost/accounts/password/reset/key/")
    page = client.get(link.removeprefix("http://acme.localhost"), follow=True)
    new = {"password1": "another passphrase", "password2": "another passphrase"}
    client.post(page.redirect_chain[-1][0], new)
    assert sign_in(dashboard(), email, "another passphrase").status_code == 302


def test_a_page_may_load_nothing_from_another_host() -> None:
    policy = dashboard().get("/accounts/login/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy


def test_what_one_tenant_caches_no_other_finds() -> None:
    with tenant_scope("t_acme"):
        cache.set("last_search", "of acme")
        assert cache.get("last_search") == "of acme"
    with tenant_scope("t_globex"):
        assert cache.get("last_search") is None
