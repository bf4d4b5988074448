"""Resume secrets: what lets a browser come back to its own session, and nobody else.

A secret proves by itself that it was made for this session of this website, so that a visitor who
has not written yet can come back too; once the session has a row, its hash must also stand there.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

KEPT = 5


@dataclass(frozen=True)
class Place:
    """Where a session belongs. A secret for one website opens nothing at the tenant's others."""

    schema: str
    website_id: UUID
    session_id: UUID


def new_resume_secret(place: Place) -> str:
    nonce = secrets.token_urlsafe(18)
    return f"{nonce}.{_seal(place, nonce)}"


def is_resume_secret(place: Place, secret: str) -> bool:
    nonce, _, seal = secret.partition(".")
    return hmac.compare_digest(seal.encode(), _seal(place, nonce).encode())


def resume_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def with_resume(hashes: list[str], added: str) -> list[str]:
    """The newest few, so that several tabs can each come back."""
    kept = [known for known in hashes if known != added]
    return [*kept, added][-KEPT:] if added else kept


def _seal(place: Place, nonce: str) -> str:
    key = f"resume {settings.VISITOR_TOKEN_KEY}".encode()
    text = f"{place.schema}:{place.website_id.hex}:{place.session_id.hex}:{nonce}".encode()
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:32]
