"""The website the bench chats on: the demo's roof template, without an end to its turns."""

import json

from tenants.keys import issue_key
from tenants.publishing import publish_template
from tenants.scope import tenant_scope
from tenants.workspace.models import ApiKey, Template, Website
from tests.bench.subjects import TEMPLATE

ORIGIN = "http://customer.example"
MOST_TURNS = 500


def make_site() -> str:
    """The site key of a new website of the golden tenant."""
    document = json.loads(TEMPLATE.read_text())
    document["x-intake"]["max_turns"] = MOST_TURNS
    with tenant_scope("t_acme"):
        template = Template.objects.create(name="Roof quote", draft=document)
        publish_template(template)
        website = Website.objects.create(
            name="bench", template=template, allowed_origins=[ORIGIN], region="US"
        )
        return issue_key(website, kind=ApiKey.Kind.PUBLISHABLE, name="bench").plain
