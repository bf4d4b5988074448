"""Keys of a website: made, shown once, found by their hash, revoked."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tenants.models import KeyRecord, Tenant
from tenants.scope import control_plane, current_schema
from tenants.workspace.models import ApiKey, Website, all_scopes

PREFIXES = {ApiKey.Kind.PUBLISHABLE: "pk_", ApiKey.Kind.SECRET: "sk_"}
VISIBLE = 9
USE_NOTED = timedelta(minutes=1)


@dataclass(frozen=True)
class IssuedKey:
    """A new key. `plain` of a secret key exists only here: show it once and let it go."""

    key: ApiKey
    plain: str


def digest_of(plain: str) -> str:
    """What is kept of a key. Keys are 192 unguessable bits, so a plain hash cannot be searched."""
    return hashlib.sha256(plain.encode()).hexdigest()


def readable_key(key: ApiKey) -> str | None:
    """A publishable key in full, for its snippet. None for a secret key: that was shown once.

    A publishable key follows from the row's id and the server's secret, so it needs no storing;
    None too when the secret has been changed since.
    """
    if key.kind != ApiKey.Kind.PUBLISHABLE:
        return None
    plain = _publishable(key.id)
    return plain if hmac.compare_digest(digest_of(plain), key.digest) else None


def _publishable(key_id: UUID) -> str:
    purpose = f"publishable key {key_id.hex}".encode()
    mac = hmac.new(settings.SECRET_KEY.encode(), purpose, hashlib.sha256).digest()
    return PREFIXES[ApiKey.Kind.PUBLISHABLE] + base64.urlsafe_b64encode(mac[:24]).decode()


def _new_key(kind: ApiKey.Kind, key_id: UUID) -> str:
    if kind == ApiKey.Kind.PUBLISHABLE:
        return _publishable(key_id)
    return PREFIXES[kind] + secrets.token_urlsafe(24)


@transaction.atomic
def issue_key(
    website: Website,
    *,
    kind: ApiKey.Kind,
    name: str,
    expires_at: datetime | None = None,
    scopes: Sequence[str] | None = None,
) -> IssuedKey:
    """Make a key in the tenant's scope and list its hash in the key directory.

    Without `scopes` a secret key has all of them; a publishable one needs none.
    """
    key_id = uuid4()
    plain = _new_key(kind, key_id)
    key = ApiKey.objects.create(
        id=key_id,
        website=website,
        kind=kind,
        name=name,
        prefix=plain[:VISIBLE],
        digest=digest_of(plain),
        expires_at=expires_at,
        scopes=all_scopes() if scopes is None else list(scopes),
    )
    schema = current_schema()
    with control_plane():
        tenant = Tenant.objects.get(schema_name=schema)
        KeyRecord.objects.create(digest=key.digest, tenant=tenant)
    return IssuedKey(key, plain)


@transaction.atomic
def revoke_key(key: ApiKey) -> None:
    """The key stops working everywhere with this transaction; running chats keep their token."""
    key.revoked_at = timezone.now()
    key.save(update_fields=["revoked_at"])
    with control_plane():
        KeyRecord.objects.filter(pk=key.digest).delete()


def schema_of_key(plain: str) -> str | None:
    """The schema of the active tenant that this key belongs to. Runs in the shared scope."""
    record = (
        KeyRecord.objects.select_related("tenant")
        .filter(digest=digest_of(plain), tenant__status=Tenant.Status.ACTIVE)
        .first()
    )
    return record.tenant.schema_name if record else None


def live_key(plain: str) -> ApiKey | None:
    """The key's row with its website, if it still works. Runs in the tenant's scope."""
    key = ApiKey.objects.select_related("website").filter(digest=digest_of(plain)).first()
    return key if key and key.is_live else None


def used_key(plain: str) -> ApiKey | None:
    """As `live_key`, for who comes in with it: the row says when that was last."""
    key = live_key(plain)
    if key and (key.last_used_at is None or key.last_used_at < timezone.now() - USE_NOTED):
        _note_use(key)
    return key


@transaction.atomic
def _note_use(key: ApiKey) -> None:
    """Whoever finds the row taken leaves it: another request is writing the same minute."""
    unchanged = ApiKey.objects.filter(id=key.id, last_used_at=key.last_used_at)
    free = unchanged.select_for_update(skip_locked=True, no_key=True).values("id")
    ApiKey.objects.filter(id__in=free).update(last_used_at=timezone.now())


def is_open(schema: str) -> bool:
    """Whether this tenant's visitors may chat. Runs in the shared scope."""
    return bool(Tenant.objects.filter(schema_name=schema, status=Tenant.Status.ACTIVE).exists())
