"""Secrets that must be read again (webhooks', models'), encrypted before they reach the database.

A dump or a backup of the database alone gives none of them away.
"""

import base64
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from tenants.passwords import role_password


class SealBroken(RuntimeError):
    """A sealed value was not written with any of the keys that this installation knows."""


def seal(plain: str) -> str:
    return _box().encrypt(plain.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises SealBroken, naming the setting to look at."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as broken:
        raise SealBroken(
            "A stored secret cannot be read: SEALING_KEYS (or SECRET_KEY, when that is empty) was "
            "changed. Put the old key back behind the new one."
        ) from broken


def _box() -> MultiFernet:
    """The first key writes, all of them read; any text will do as a key."""
    return MultiFernet([Fernet(_as_key(text)) for text in settings.SEALING_KEYS])


def _as_key(text: str) -> bytes:
    return base64.urlsafe_b64encode(bytes.fromhex(role_password(text, "sealing")))


class SealedField(models.TextField[Any, Any]):
    """Plain text in Python, sealed in the row. Empty stays empty; it cannot be searched."""

    def get_prep_value(self, value: Any) -> Any:
        return seal(value) if value else value

    def from_db_value(
        self, value: str | None, expression: models.Expression, connection: BaseDatabaseWrapper
    ) -> str | None:
        return unseal(value) if value else value
