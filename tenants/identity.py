"""What a customer's own server says of its visitor, signed so that a browser cannot invent it."""

import re
from typing import Any

import jwt

from tenants.errors import IdentityInvalid
from tenants.workspace.models import Website

AUDIENCE = "chatsaas"
KEPT = ("sub", "name", "email", "phone")
MAX_CLAIM = 200
# No database takes these, though JSON has a way to write them.
UNSTORABLE = re.compile("[\\0\\ud800-\\udfff]")


def verify_identity(website: Website, signed: str) -> dict[str, str]:
    """The verified claims that are kept. Raises IdentityInvalid."""
    try:
        claims = jwt.decode(
            signed,
            website.identity_secret,
            algorithms=["HS256"],
            audience=AUDIENCE,
            options={"require": ["exp", "aud", "sub"]},
        )
    except (jwt.PyJWTError, OverflowError, ValueError, TypeError) as error:
        raise IdentityInvalid from error
    return trusted_identity(claims)


def trusted_identity(claims: dict[str, Any]) -> dict[str, str]:
    """Claims of a caller who proved to be the customer. Raises IdentityInvalid."""
    kept = {name: claims[name] for name in KEPT if isinstance(claims.get(name), str)}
    if not kept.get("sub") or not all(map(_can_be_kept, kept.values())):
        raise IdentityInvalid(
            f"The identity needs a `sub`, and texts of at most {MAX_CLAIM} characters, without "
            "U+0000 and half surrogates."
        )
    return kept


def _can_be_kept(text: str) -> bool:
    return len(text) <= MAX_CLAIM and not UNSTORABLE.search(text)
