"""Gives a visitor a token: for a new session, or for one it can prove to be its own."""

import hmac
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from django.db import transaction

from sessions_app.errors import ResumeRefused
from sessions_app.frames import Settings
from sessions_app.models import Session
from sessions_app.services.site import admit, published_version, settings_of
from sessions_app.shapes import TokenRequest
from tenants.errors import KeyNotForBrowsers, KeyUnknown, OriginNotAllowed, ScopeMissing
from tenants.identity import trusted_identity, verify_identity
from tenants.keys import used_key
from tenants.pinned import pinned_template
from tenants.resume import Place, is_resume_secret, new_resume_secret, resume_hash, with_resume
from tenants.scope import current_schema
from tenants.tokens import IssuedToken, Visitor, issue_token
from tenants.workspace.models import ApiKey, Scope, Website


@dataclass(frozen=True)
class Grant:
    """`resume` is shown this once; its hash rides in the token until the session has a row."""

    token: IssuedToken
    visitor: Visitor
    resume: str
    status: str
    settings: Settings


@transaction.atomic
def grant_visit(key: str, asked: TokenRequest, origin: str | None) -> Grant:
    """Runs in the key's tenant. `origin` is what the browser sent, None from a server.

    Raises KeyUnknown, OriginNotAllowed, KeyNotForBrowsers, SiteDisabled, IdentityInvalid or
    ResumeRefused.
    """
    website, is_server = _website_of(key, origin)
    session = _session_to_resume(website, asked)
    visitor = Visitor(
        schema=current_schema(),
        website_id=website.id,
        session_id=_session_id(website, session, asked),
        resume_hash="",
        locale=asked.locale or website.locale,
        timezone=asked.timezone or website.timezone,
        identity=_identity(website, asked, is_server),
        prefill={} if session else asked.prefill,
    )
    secret = new_resume_secret(Place(visitor.schema, website.id, visitor.session_id))
    visitor = replace(visitor, resume_hash=resume_hash(secret))
    version = session.template_version_id if session else published_version(website)
    if session:
        _remember(session, visitor.resume_hash)
    return Grant(
        token=issue_token(visitor),
        visitor=visitor,
        resume=secret,
        status=session.public_status if session else "new",
        settings=settings_of(website, pinned_template(version), visitor.locale),
    )


def _website_of(plain: str, origin: str | None) -> tuple[Website, bool]:
    key = used_key(plain)
    if key is None:
        raise KeyUnknown
    is_server = key.kind == ApiKey.Kind.SECRET
    if is_server and origin is not None:
        raise KeyNotForBrowsers
    if is_server and Scope.VISITORS not in key.scopes:
        raise ScopeMissing("This key lacks the scope `visitors`. Make one that has it.")
    if not is_server and origin is None:
        raise OriginNotAllowed(
            "A publishable key works only from a web page: the Origin header is missing."
        )
    website = Website.objects.select_related("template").get(id=key.website_id)
    return admit(website, origin), is_server


def _session_to_resume(website: Website, asked: TokenRequest) -> Session | None:
    if asked.session is None:
        return None
    session = Session.objects.select_for_update().filter(id=asked.session, website=website).first()
    if session and not _is_listed(session, asked.resume):
        raise ResumeRefused
    return session


def _is_listed(session: Session, secret: str) -> bool:
    given = resume_hash(secret)
    return any(hmac.compare_digest(given, known) for known in session.resume_hashes)


def _session_id(website: Website, session: Session | None, asked: TokenRequest) -> UUID:
    """A session that has no row yet is still the one its secret was made for."""
    if session:
        return session.id
    if asked.session is None:
        return uuid4()
    place = Place(current_schema(), website.id, asked.session)
    return asked.session if is_resume_secret(place, asked.resume) else uuid4()


def _identity(website: Website, asked: TokenRequest, is_server: bool) -> dict[str, str]:
    if isinstance(asked.identity, str):
        return verify_identity(website, asked.identity)
    if asked.identity and is_server:
        return trusted_identity(asked.identity)
    return {}


def _remember(session: Session, added: str) -> None:
    session.resume_hashes = with_resume(session.resume_hashes, added)
    session.save(update_fields=["resume_hashes"])
