"""A visitor's token renewed while the chat goes on."""

from dataclasses import replace

from sessions_app.services.site import admit_to
from tenants.errors import SiteDisabled
from tenants.keys import is_open
from tenants.scope import shared_call, tenant_call
from tenants.tokens import IssuedToken, Visitor, issue_token


async def renew_token(visitor: Visitor) -> IssuedToken:
    """Raises SiteDisabled when the website or its tenant was switched off in the meantime."""
    if not await shared_call(is_open, visitor.schema):
        raise SiteDisabled
    await tenant_call(visitor.schema, admit_to, visitor.website_id, None)
    return issue_token(replace(visitor, prefill={}))
