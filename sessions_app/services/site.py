"""What a website allows, and what everybody may know of it."""

from uuid import UUID

from sessions_app.frames import Settings
from tenants.errors import OriginNotAllowed, SiteDisabled
from tenants.pinned import PinnedTemplate
from tenants.workspace.models import Website


def published_version(website: Website) -> UUID:
    """The template version that new sessions get. Raises SiteDisabled when there is none."""
    if website.template is None or website.template.published_id is None:
        raise SiteDisabled
    return website.template.published_id


def admit(website: Website | None, origin: str | None) -> Website:
    """The website, if it is open and this browser origin is on its list.

    No origin is for callers that are no browsers. Raises SiteDisabled or OriginNotAllowed.
    """
    if website is None or not website.is_active:
        raise SiteDisabled
    if origin is not None and not website.allows(origin):
        raise OriginNotAllowed
    return website


def admit_to(website_id: UUID, origin: str | None) -> Website:
    website = Website.objects.select_related("template").filter(id=website_id).first()
    return admit(website, origin)


def settings_of(website: Website, pinned: PinnedTemplate, locale: str) -> Settings:
    appearance = {**website.appearance(), "locale": locale}
    return Settings(**appearance, greeting=pinned.greeting_in(locale))
