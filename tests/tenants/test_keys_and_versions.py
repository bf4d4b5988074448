"""Keys are kept as hashes and found by them; a published version never changes."""

import pytest
from django.db.utils import ProgrammingError

from ai_bridge.intake import TemplateInvalid
from tenants.keys import issue_key, live_key, readable_key, revoke_key, schema_of_key
from tenants.publishing import publish_template
from tenants.scope import tenant_scope
from tenants.workspace.models import ApiKey, Template, TemplateVersion, Website
from tests.ground.ground import Ground

DOCUMENT = {"type": "object", "title": "Call back", "properties": {"name": {"type": "string"}}}


def make_website() -> Website:
    return Website.objects.create(name="site", allowed_origins=["https://a.example"])


def test_a_key_leads_to_its_tenant_and_website(ground: Ground) -> None:
    with tenant_scope("t_acme"):
        website = make_website()
        issued = issue_key(website, kind=ApiKey.Kind.SECRET, name="server")
    assert schema_of_key(issued.plain) == "t_acme"
    with tenant_scope("t_acme"):
        key = live_key(issued.plain)
        assert key is not None
        assert key.website == website
    with tenant_scope("t_globex"):
        assert live_key(issued.plain) is None


def test_the_database_never_holds_a_secret_key_itself(ground: Ground) -> None:
    with tenant_scope("t_acme"):
        issued = issue_key(make_website(), kind=ApiKey.Kind.SECRET, name="server")
    rows = ground.database.query("SELECT k::text FROM t_acme.workspace_apikey k")
    assert issued.plain not in str(rows)


def test_a_revoked_key_is_found_nowhere(ground: Ground) -> None:
    with tenant_scope("t_acme"):
        issued = issue_key(make_website(), kind=ApiKey.Kind.PUBLISHABLE, name="page")
        revoke_key(issued.key)
        assert live_key(issued.plain) is None
    assert schema_of_key(issued.plain) is None


def test_publishing_makes_a_version_and_an_unchanged_draft_makes_none(ground: Ground) -> None:
    with tenant_scope("t_acme"):
        template = Template.objects.create(name="t", draft=DOCUMENT)
        first, again = publish_template(template), publish_template(template)
        template.draft = {**DOCUMENT, "title": "Call me back"}
        template.save(update_fields=["draft"])
        second = publish_template(template)
        assert first == again
        assert (first.number, second.number) == (1, 2)


def test_the_order_of_the_questions_is_kept_and_a_new_order_is_a_new_version(
    ground: Ground,
) -> None:
    long_first = {"quantity": {"type": "integer"}, "age": {"type": "integer"}}
    short_first = {"age": {"type": "integer"}, "quantity": {"type": "integer"}}
    with tenant_scope("t_acme"):
        template = Template.objects.create(name="t", draft={**DOCUMENT, "properties": long_first})
        publish_template(template)
        stored = TemplateVersion.objects.get(number=1).document
        assert list(stored["properties"]) == ["quantity", "age"]
        template.draft = {**DOCUMENT, "properties": short_first}
        template.save(update_fields=["draft"])
        assert publish_template(template).number == 2


def test_a_publishable_key_can_be_read_back_and_a_secret_one_cannot(ground: Ground) -> None:
    with tenant_scope("t_acme"):
        website = make_website()
        public = issue_key(website, kind=ApiKey.Kind.PUBLISHABLE, name="page")
        secret = issue_key(website, kind=ApiKey.Kind.SECRET, name="server")
        assert readable_key(public.key) == public.plain
        assert readable_key(secret.key) is None


def test_a_bad_draft_is_refused_with_every_problem(ground: Ground) -> None:
    with tenant_scope("t_acme"):
        bad = {**DOCUMENT, "properties": {"a": {"$ref": "https://x.example/s"}, "b": {"type": "?"}}}
        template = Template.objects.create(name="t", draft=bad)
        with pytest.raises(TemplateInvalid) as refused:
            publish_template(template)
        assert len(refused.value.problems) >= 2
        assert not TemplateVersion.objects.exists()


def test_the_database_refuses_to_change_a_published_version(ground: Ground) -> None:
    with tenant_scope("t_acme"):
        version = publish_template(Template.objects.create(name="t", draft=DOCUMENT))
        with pytest.raises(ProgrammingError, match="permission denied"):
            TemplateVersion.objects.filter(id=version.id).update(number=7)
