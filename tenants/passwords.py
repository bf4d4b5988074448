"""Secrets that follow from the one secret, so that deploys have one thing to keep."""

import hashlib
import hmac


def role_password(secret: str, purpose: str) -> str:
    """A password only holders of the secret can compute, different for every purpose."""
    return hmac.new(secret.encode(), f"chatsaas {purpose}".encode(), hashlib.sha256).hexdigest()
