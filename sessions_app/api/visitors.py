"""Which visitor a request speaks for."""

import re
from uuid import UUID

from django.http import HttpRequest
from structlog.contextvars import bind_contextvars

from sessions_app.errors import SessionUnknown
from sessions_app.limiting.addresses import client_address
from tenants.errors import OriginNotAllowed
from tenants.tokens import Visitor, read_token


def address_of(request: HttpRequest) -> str:
    """Where the request comes from, as limits count it."""
    return client_address(request.scope)  # type: ignore[attr-defined]


def bearer_of(request: HttpRequest) -> str:
    """The credential in the Authorization header; empty when there is none."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else ""


def origin_of(request: HttpRequest) -> str | None:
    """What the browser says; None from a caller that is no browser. Raises for an opaque one."""
    origin = request.headers.get("Origin")
    if origin == "null":
        raise OriginNotAllowed
    return origin


def visitor_of(request: HttpRequest) -> Visitor:
    """Raises TokenRequired, TokenInvalid or TokenExpired."""
    visitor = read_token(bearer_of(request))
    bind_contextvars(tenant=visitor.schema, session=visitor.public_id)
    return visitor


def visitor_of_session(request: HttpRequest, public_id: str) -> Visitor:
    """The visitor, if the session in the address is the token's own; else SessionUnknown."""
    visitor = visitor_of(request)
    if public_id != visitor.public_id:
        raise SessionUnknown
    return visitor


def session_id_of(public_id: str) -> UUID:
    """Raises SessionUnknown for what cannot be a session's id."""
    if not re.fullmatch(r"ses_[0-9a-f]{32}", public_id):
        raise SessionUnknown
    return UUID(public_id.removeprefix("ses_"))
