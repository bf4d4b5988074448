"""Celery's door to provisioning: a request never waits for a schema."""

import logging

import psycopg
from celery import shared_task
from django.db import DatabaseError, transaction

from tenants.models import Tenant
from tenants.provisioning import provision_tenant
from tenants.scope import tenant_scope
from tenants.staff.models import Staff

logger = logging.getLogger(__name__)
TO_DO = (Tenant.Status.PROVISIONING, Tenant.Status.FAILED)


@shared_task(name="tenants.tasks.provision")
def provision(tenant_id: int) -> None:
    """Builds the tenant's schema and its owner's account. Safe to run twice, also at once.

    A failure is kept on the tenant for the operator to read, and can be tried again.
    """
    try:
        _provision_once(tenant_id)
    except (psycopg.Error, DatabaseError, LookupError, RuntimeError) as error:
        logger.exception("tenant %s could not be provisioned", tenant_id)
        Tenant.objects.filter(id=tenant_id).update(
            status=Tenant.Status.FAILED, provisioning_error=f"{type(error).__name__}: {error}"
        )


@shared_task(name="tenants.tasks.provision_waiting")
def provision_waiting() -> None:
    """Tenants whose task got lost with a broker or a worker."""
    waiting = Tenant.objects.filter(status=Tenant.Status.PROVISIONING)
    for tenant_id in waiting.values_list("id", flat=True):
        provision(tenant_id)


def _provision_once(tenant_id: int) -> None:
    with transaction.atomic(using="owner"):
        rows = Tenant.objects.using("owner").select_for_update(skip_locked=True)
        tenant = rows.filter(id=tenant_id, status__in=TO_DO).first()
        if tenant is None:
            return
        tenant = provision_tenant(tenant_id)
        tenant.provisioning_error = ""
        tenant.save(using="owner", update_fields=["provisioning_error"])
        with tenant_scope(tenant.schema_name):
            _ensure_owner(tenant.owner_email)


def _ensure_owner(email: str) -> None:
    """The first account has no password: its owner sets one by `Forgot your password?`."""
    if not Staff.objects.filter(email=email.lower()).exists():
        Staff.objects.create_user(email, None, role=Staff.Role.OWNER, is_staff=True)
