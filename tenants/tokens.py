"""Visitors' tokens: at most 15 minutes, for one session of one website of one tenant."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
from django.conf import settings
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import (
    TokenBackendError,
    TokenBackendExpiredToken,
    TokenError,
)
from rest_framework_simplejwt.tokens import Token

from tenants.errors import TokenExpired, TokenInvalid, TokenRequired

ISSUER = "chatsaas"
ALGORITHM = "HS256"
MAX_SECONDS = 900
MAX_LENGTH = 16 * 1024
AUDIENCE = re.compile(r"(?P<schema>t_[a-z0-9_]{2,28}):(?P<website>[0-9a-f]{32})")
SESSION = re.compile(r"ses_(?P<id>[0-9a-f]{32})")


@dataclass(frozen=True)
class Visitor:
    """Who a token speaks for. `resume_hash` is the hash of the secret that came with the token.

    `prefill` holds values by path that are known before the first message.
    """

    schema: str
    website_id: UUID
    session_id: UUID
    resume_hash: str
    locale: str = "en"
    timezone: str = "UTC"
    identity: dict[str, Any] = field(default_factory=dict)
    prefill: dict[str, Any] = field(default_factory=dict)
    expires: datetime | None = None

    @property
    def public_id(self) -> str:
        return f"ses_{self.session_id.hex}"


class VisitorBackend(TokenBackend):
    """Asks for more than the library does: every claim present, a known key, a short life."""

    def __init__(self) -> None:
        super().__init__(ALGORITHM, issuer=ISSUER)

    def encode(self, payload: dict[str, Any]) -> str:
        kid, key = next(iter(_keys().items()))
        return jwt.encode({**payload, "iss": ISSUER}, key, ALGORITHM, headers={"kid": kid})

    def decode(self, token: Any, verify: bool = True) -> dict[str, Any]:
        try:
            return _decode(str(token))
        except jwt.ExpiredSignatureError as error:
            raise TokenBackendExpiredToken("Token is expired") from error
        except (jwt.PyJWTError, OverflowError, ValueError, TypeError) as error:
            raise TokenBackendError("Token is invalid") from error


class VisitorToken(Token):
    token_type = "visitor"
    lifetime = timedelta(seconds=settings.VISITOR_TOKEN_SECONDS)

    def get_token_backend(self) -> VisitorBackend:
        return VisitorBackend()


@dataclass(frozen=True)
class IssuedToken:
    jwt: str
    expires: datetime


def issue_token(visitor: Visitor) -> IssuedToken:
    """A new token for the visitor, good for VISITOR_TOKEN_SECONDS from now."""
    token = VisitorToken()
    token.payload |= {
        "aud": f"{visitor.schema}:{visitor.website_id.hex}",
        "sub": visitor.public_id,
        "session": visitor.public_id,
        "rsh": visitor.resume_hash,
        "locale": visitor.locale,
        "tz": visitor.timezone,
    }
    for claim, value in (("identity", visitor.identity), ("prefill", visitor.prefill)):
        if value:
            token[claim] = value
    return IssuedToken(str(token), datetime.fromtimestamp(token["exp"], UTC))


def read_token(text: str) -> Visitor:
    """Who the token speaks for. Raises TokenRequired, TokenExpired or TokenInvalid."""
    if not text:
        raise TokenRequired
    if len(text) > MAX_LENGTH:
        raise TokenInvalid
    try:
        payload = VisitorToken(text).payload  # type: ignore[arg-type]
    except TokenError as error:
        is_late = isinstance(error.__cause__, TokenBackendExpiredToken)
        raise (TokenExpired if is_late else TokenInvalid) from error
    return _visitor(payload)


def _visitor(payload: dict[str, Any]) -> Visitor:
    audience = AUDIENCE.fullmatch(str(payload["aud"]))
    session = SESSION.fullmatch(str(payload.get("session")))
    if audience is None or session is None or payload["sub"] != payload["session"]:
        raise TokenInvalid
    return Visitor(
        schema=audience["schema"],
        website_id=UUID(audience["website"]),
        session_id=UUID(session["id"]),
        resume_hash=str(payload.get("rsh", "")),
        locale=str(payload.get("locale", "en")),
        timezone=str(payload.get("tz", "UTC")),
        identity=payload.get("identity", {}),
        prefill=payload.get("prefill", {}),
        expires=datetime.fromtimestamp(payload["exp"], UTC),
    )


def _decode(token: str) -> dict[str, Any]:
    kid = jwt.get_unverified_header(token).get("kid")
    key = _keys().get(kid) if isinstance(kid, str) else None
    if key is None:
        raise jwt.InvalidKeyError("unknown key")
    payload: dict[str, Any] = jwt.decode(
        token,
        key,
        algorithms=[ALGORITHM],
        issuer=ISSUER,
        # Which audience it must be is for the door to say; that it is well formed is checked here.
        options={
            "require": ["exp", "iat", "aud", "iss", "sub", "jti", "typ"],
            "verify_aud": False,
            "strict_aud": False,
        },
    )
    _check_life(payload["exp"], payload["iat"])
    return payload


def _check_life(expires: Any, issued: Any) -> None:
    if type(expires) is not int or type(issued) is not int:
        raise jwt.InvalidTokenError("times must be whole seconds")
    if not 0 < expires - issued <= MAX_SECONDS:
        raise jwt.InvalidTokenError("life is too long")


def _keys() -> dict[str, str]:
    """Our keys by their id; the first one signs."""
    key = settings.VISITOR_TOKEN_KEY
    return {hashlib.sha256(key.encode()).hexdigest()[:8]: key}
