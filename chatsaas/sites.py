"""The two dashboards: the operator's over all tenants, and the one each tenant has."""

from typing import Any

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode
from unfold.sites import UnfoldAdminSite

from chatsaas.home import operator_home, tenant_home
from sessions_app.admin import DeliveryAdmin, SessionAdmin, WebhookAdmin
from sessions_app.models import Delivery, Session
from tenants.admin import OperatorAdmin, StaffAdmin, TenantAdmin
from tenants.models import Tenant
from tenants.staff.models import Staff
from tenants.workspace.admin import (
    ApiKeyAdmin,
    ModelConnectionAdmin,
    TemplateAdmin,
    TemplateVersionAdmin,
    WebsiteAdmin,
)
from tenants.workspace.models import (
    ApiKey,
    ModelConnection,
    Template,
    TemplateVersion,
    Webhook,
    Website,
)


class DashboardSite(UnfoldAdminSite):
    """An admin site whose door is the sign-in page of the accounts app."""

    index_title = "Home"

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        wanted = request.GET.get(REDIRECT_FIELD_NAME) or resolve_url("admin:index")
        if not request.user.is_authenticated:
            query = urlencode({REDIRECT_FIELD_NAME: wanted})
            return redirect(f"{resolve_url('account_login')}?{query}")
        if self.has_permission(request):
            return redirect("admin:index")
        # Sending a signed-in person to the sign-in page would send them round for ever.
        raise PermissionDenied("Your account may not use this dashboard.")


class TenantSite(DashboardSite):
    """Behind a tenant's host, in that tenant's scope: every active person of it may come in."""

    index_template = "dashboard/home.html"

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        page: HttpResponse = super().index(request, {**tenant_home(), **(extra_context or {})})
        return page


class OperatorSite(DashboardSite):
    """Behind the public host: tenants, and the operators themselves."""

    settings_name = "UNFOLD_OPERATOR"
    index_template = "dashboard/operator_home.html"

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_superuser

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        page: HttpResponse = super().index(request, {**operator_home(), **(extra_context or {})})
        return page


operator_site = OperatorSite()
operator_site.register(Tenant, TenantAdmin)
operator_site.register(Staff, OperatorAdmin)

tenant_site = TenantSite()
tenant_site.register(Website, WebsiteAdmin)
tenant_site.register(ApiKey, ApiKeyAdmin)
tenant_site.register(Template, TemplateAdmin)
tenant_site.register(TemplateVersion, TemplateVersionAdmin)
tenant_site.register(Session, SessionAdmin)
tenant_site.register(ModelConnection, ModelConnectionAdmin)
tenant_site.register(Webhook, WebhookAdmin)
tenant_site.register(Delivery, DeliveryAdmin)
tenant_site.register(Staff, StaffAdmin)
