"""Answers a request that carries an Idempotency-Key once, and repeats that answer for two days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from tenants.database.deleting import delete_where
from tenants.errors import CallInFlight, CallReused
from tenants.workspace.models import ApiCall, ApiKey

KEPT = timedelta(hours=48)
# Longer than any such request takes; who was killed over one is not waited for beyond it.
PATIENCE = timedelta(seconds=30)


@dataclass(frozen=True)
class Answer:
    """A status and a body of JSON; `is_replayed` when it was given before."""

    status: int
    body: str
    is_replayed: bool = False


def answer_once(
    key: ApiKey, name: str, fingerprint: str, work: Callable[[], tuple[int, str]]
) -> Answer:
    """The answer of `work`, or the one recorded for this name of this key.

    Effects of `work` and its record are one transaction: a process killed in between leaves
    neither. What raises leaves no record, so that a refused request can be mended and sent again.
    Raises CallInFlight or CallReused.
    """
    begun = _begin(key, name, fingerprint)
    if isinstance(begun, Answer):
        return begun
    is_kept = False
    try:
        with transaction.atomic():
            status, body = work()
            mine = ApiCall.objects.filter(key=key, name=name, claim=begun)
            if not mine.update(status=status, answer=body):
                raise CallInFlight(retry_after=PATIENCE.total_seconds())
        is_kept = True
        return Answer(status, body)
    finally:
        if not is_kept:
            mine = ApiCall.objects.filter(key=key, name=name, claim=begun, status=None)
            delete_where(mine)


def forget_calls() -> None:
    """Recorded answers whose time is over. Runs in the tenant's scope."""
    delete_where(ApiCall.objects.filter(created_at__lt=timezone.now() - KEPT))


@transaction.atomic
def _begin(key: ApiKey, name: str, fingerprint: str) -> UUID | Answer:
    """The right to do the work until PATIENCE is over, or what was answered before."""
    now, claim = timezone.now(), uuid4()
    forget_calls()
    call, is_new = ApiCall.objects.select_for_update().get_or_create(
        key=key,
        name=name,
        defaults={"fingerprint": fingerprint, "claim": claim, "deadline": now + PATIENCE},
    )
    if is_new:
        return claim
    if call.fingerprint != fingerprint:
        raise CallReused
    if call.status is not None:
        return Answer(call.status, call.answer, is_replayed=True)
    if call.deadline > now:
        raise CallInFlight(retry_after=(call.deadline - now).total_seconds())
    call.claim, call.deadline = claim, now + PATIENCE
    call.save(update_fields=["claim", "deadline"])
    return claim
