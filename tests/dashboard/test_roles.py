"""What a person may do follows from the role."""

import pytest
from django.core import mail

from tenants.scope import tenant_scope
from tenants.staff.models import Staff
from tenants.workspace.models import ApiKey, Template, Website
from tests.dashboard.office import open_website, page_of, record_conversation, signed_in

pytestmark = pytest.mark.usefixtures("ground")
EVERYBODY = ["/admin/", "/admin/sessions_app/session/", "/admin/workspace/template/"]
EDITORS = [
    "/admin/workspace/website/add/",
    "/admin/workspace/template/add/",
    "/admin/workspace/apikey/",
    "/admin/workspace/apikey/add/",
    "/admin/workspace/webhook/",
    "/admin/workspace/webhook/add/",
    "/admin/sessions_app/delivery/",
]
OWNERS = ["/admin/staff/staff/", "/admin/staff/staff/add/"]


@pytest.mark.parametrize(
    ("role", "allowed", "refused"),
    [
        ("owner", [*EVERYBODY, *EDITORS, *OWNERS], []),
        ("editor", [*EVERYBODY, *EDITORS], OWNERS),
        ("reviewer", EVERYBODY, [*EDITORS, *OWNERS]),
        ("viewer", EVERYBODY, [*EDITORS, *OWNERS]),
    ],
)
def test_each_role_opens_its_pages_and_no_others(
    role: str, allowed: list[str], refused: list[str]
) -> None:
    client = signed_in(role)
    assert [client.get(path).status_code for path in allowed] == [200] * len(allowed)
    answers = [client.get(path) for path in refused]
    assert [answer.status_code for answer in answers] == [403] * len(refused)
    assert all(b'<a href="/admin/">' in answer.content for answer in answers)


@pytest.mark.parametrize("role", ["reviewer", "viewer"])
def test_a_reader_changes_nothing_by_sending_the_forms(role: str) -> None:
    website = open_website()
    client = signed_in(role)
    with tenant_scope("t_acme"):
        template = Template.objects.get()
    for path in (
        f"/admin/workspace/website/{website.pk}/change/",
        f"/admin/workspace/template/{template.pk}/change/",
    ):
        assert client.post(path, {"name": "taken over"}).status_code == 403
    client.post(f"/admin/workspace/website/{website.pk}/snippet/")
    with tenant_scope("t_acme"):
        assert Website.objects.get().name == "Main site"
        assert Template.objects.get().name == "Roof quote"
        assert not ApiKey.objects.exists()


def test_nobody_can_change_or_delete_a_conversation() -> None:
    session = record_conversation()
    client = signed_in("owner")
    base = f"/admin/sessions_app/session/{session.pk}"
    before = page_of(client, f"{base}/change/")
    assert client.post("/admin/sessions_app/session/add/", {}).status_code == 403
    assert client.post(f"{base}/delete/", {"post": "yes"}).status_code == 403
    client.post(f"{base}/change/", {"status": "closed"})
    assert page_of(client, f"{base}/change/").count("Open") == before.count("Open")
    assert "Delete" not in before


def test_an_owner_adds_a_person_who_sets_a_password_by_mail() -> None:
    client = signed_in("owner")
    new = {"email": "Ann@Acme.example", "name": "Ann", "role": "viewer", "is_active": "on"}
    assert client.post("/admin/staff/staff/add/", new).status_code == 302
    assert mail.outbox[0].to == ["ann@acme.example"]
    with tenant_scope("t_acme"):
        ann = Staff.objects.get(email="ann@acme.example")
        assert (ann.role, ann.is_superuser, ann.has_usable_password()) == ("viewer", False, False)


def test_an_owner_cannot_take_their_own_access_away() -> None:
    client = signed_in("owner")
    with tenant_scope("t_acme"):
        owner = Staff.objects.get()
    form = {"email": owner.email, "name": "", "role": "viewer", "is_active": "on"}
    response = client.post(f"/admin/staff/staff/{owner.pk}/change/", form)
    assert "You cannot take your own access away" in response.content.decode()
    with tenant_scope("t_acme"):
        assert Staff.objects.get().role == "owner"


def test_a_person_of_another_tenant_cannot_be_opened_here() -> None:
    record_conversation("t_globex")
    client = signed_in("owner", "t_acme")
    assert "John Smyth" not in page_of(client, "/admin/sessions_app/session/")
    assert "Nothing matches" in page_of(client, "/admin/sessions_app/session/?q=John")


def test_two_tenants_served_by_one_process_each_keep_their_own_journal() -> None:
    new = {"email": "ann@acme.example", "name": "Ann", "role": "viewer", "is_active": "on"}
    website = {
        "name": "Shop",
        "allowed_origins": "https://shop.example",
        "is_active": "on",
        "title": "Chat",
        "launcher_title": "Chat",
        "colour": "#0f766e",
        "theme": "auto",
        "position": "right",
        "locale": "en",
        "timezone": "UTC",
    }
    acme, globex = signed_in("owner", "t_acme"), signed_in("owner", "t_globex")
    assert acme.post("/admin/staff/staff/add/", new).status_code == 302
    assert acme.post("/admin/workspace/website/add/", website).status_code == 302
    assert globex.post("/admin/workspace/website/add/", website).status_code == 302
    with tenant_scope("t_globex"):
        shop = Website.objects.get()
    history = page_of(globex, f"/admin/workspace/website/{shop.pk}/history/")
    assert "owner@globex.example" in history
    assert "Added." in history
    assert "owner@acme.example" not in history
