"""What a visitor meets on coming in: where the session stands."""

from dataclasses import dataclass

from django.db import transaction

from sessions_app.frames import ProgressCounts, Ready
from sessions_app.models import Session
from sessions_app.services.site import admit_to, published_version, settings_of
from tenants.pinned import pinned_template
from tenants.resume import with_resume
from tenants.tokens import Visitor


@dataclass(frozen=True)
class Visit:
    ready: Ready
    is_closed: bool


@transaction.atomic
def open_visit(visitor: Visitor, origin: str | None) -> Visit:
    """Raises SiteDisabled or OriginNotAllowed. The session need not have a row yet."""
    website = admit_to(visitor.website_id, origin)
    session = Session.objects.filter(id=visitor.session_id).first()
    version = session.template_version_id if session else published_version(website)
    pinned = pinned_template(version)
    progress = ProgressCounts(required=pinned.required)
    if session:
        _remember(session, visitor.resume_hash)
        if session.answered_count:
            progress = ProgressCounts(filled=session.filled, required=session.required)
    ready = Ready(
        session=visitor.public_id,
        status=session.public_status if session else "new",
        seq=session.last_seq if session else 0,
        progress=progress,
        settings=settings_of(website, pinned, visitor.locale),
    )
    return Visit(ready, session is not None and session.is_closed)


def _remember(session: Session, added: str) -> None:
    """A tab whose token was made before the session had its row can come back too."""
    if added not in session.resume_hashes:
        locked = Session.objects.select_for_update(no_key=True).get(id=session.id)
        locked.resume_hashes = with_resume(locked.resume_hashes, added)
        locked.save(update_fields=["resume_hashes"])
