"""Resolves a tenant by host, for dashboard pages and nothing else."""

from collections.abc import Callable
from functools import partial
from typing import Any

from asgiref.sync import async_to_sync, iscoroutinefunction, sync_to_async
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import split_domain_port
from django.shortcuts import render
from django.utils.decorators import sync_and_async_middleware

from tenants.models import Tenant
from tenants.scope import tenant_scope

Answer = Callable[[HttpRequest], HttpResponseBase]

# The host means nothing to these: probes come by address, visitors by key or token.
TENANTLESS = ("/healthz", "/readyz", "/metrics", "/api/", "/ws/", "/w/", "/static/", "/favicon")
NOTICES = {
    Tenant.Status.PROVISIONING: (
        "This workspace is being set up",
        "It is usually ready within a minute. Reload this page to look again.",
    ),
    Tenant.Status.FAILED: (
        "This workspace could not be set up",
        "The operator can see the reason and start it again from the list of tenants.",
    ),
    Tenant.Status.SUSPENDED: (
        "This workspace is suspended",
        "Its data is kept. Ask the operator of this service to open it again.",
    ),
}


@sync_and_async_middleware
def DashboardTenant(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:  # noqa: N802
    """The operator's host keeps the operator's addresses; a tenant's host gets its dashboard.

    Everything behind a tenant's host runs in that tenant's scope, in the request's own thread.
    """
    if not iscoroutinefunction(get_response):
        return partial(_answer, get_response)
    in_thread = partial(_answer, async_to_sync(get_response))

    async def door(request: HttpRequest) -> Any:
        if request.path.startswith(TENANTLESS):
            return await get_response(request)
        return await sync_to_async(in_thread)(request)

    return door


def _answer(get_response: Answer, request: HttpRequest) -> HttpResponseBase:
    if request.path.startswith(TENANTLESS):
        return get_response(request)
    host = _host_of(request)
    if host in settings.OPERATOR_HOSTS:
        return get_response(request)
    tenant = Tenant.objects.filter(domains__domain=host).first() if host else None
    if tenant is None:
        return _unknown_host(request, host)
    if not tenant.is_active:
        return _not_ready(request, tenant)
    request.tenant = tenant  # type: ignore[attr-defined]
    request.urlconf = "chatsaas.urls_tenant"
    with tenant_scope(tenant.schema_name):
        return get_response(request)


def _host_of(request: HttpRequest) -> str:
    """The name in the address, without its port; empty when it is none that is served here."""
    try:
        return split_domain_port(request.get_host())[0]
    except DisallowedHost:
        return ""


def _unknown_host(request: HttpRequest, host: str) -> HttpResponse:
    notice = {
        "title": "No workspace lives at this address",
        "detail": f"Nobody has registered {host or 'this host name'} here.",
        "mend": "Check the address for a typing mistake, or ask whoever invited you for the link.",
    }
    return render(request, "notice.html", notice, status=404)


def _not_ready(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    title, mend = NOTICES[Tenant.Status(tenant.status)]
    notice = {"title": title, "detail": f"Workspace: {tenant.name}.", "mend": mend}
    is_coming = tenant.status == Tenant.Status.PROVISIONING
    return render(request, "notice.html", notice, status=503 if is_coming else 403)
