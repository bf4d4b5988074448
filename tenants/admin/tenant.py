"""The operator's pages of tenants: made here, provisioned in the background."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError
from unfold.admin import StackedInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from tenants.admin.roles import RoleAdmin
from tenants.models import HOST, SLUG, Domain, Tenant
from tenants.plans import FIGURES
from tenants.provisioning import register_tenant
from tenants.staff.models import Staff
from tenants.tasks import provision

ADDRESS = forms.RegexField(
    HOST.regex,
    max_length=253,
    label="Dashboard address",
    widget=UnfoldAdminTextInputWidget,
    help_text="The host name alone, for example acme.example.com: no https://, port or path.",
    error_messages={"invalid": HOST.message},
)


class NewTenantForm(forms.ModelForm[Tenant]):
    """What is needed to make a tenant; the rest follows from it."""

    domain = ADDRESS

    class Meta:
        model = Tenant
        fields = ["name", "slug", "owner_email"]
        help_texts = {
            "slug": "Names its part of the database. It can never be changed.",
            "owner_email": "This person gets the first account of the tenant's dashboard.",
        }

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        SLUG(slug)
        return slug

    def clean_domain(self) -> str:
        domain = str(self.cleaned_data["domain"])
        if Domain.objects.filter(domain=domain).exists():
            raise ValidationError(f"{domain} belongs to a tenant already. Choose another address.")
        return domain

    def save(self, commit: bool = True) -> Tenant:
        """Records tenant and address together, whatever `commit` says: neither is good alone."""
        return register_tenant(**self.cleaned_data)

    def save_m2m(self) -> None:
        """Everything is saved already."""


class DomainForm(forms.ModelForm[Domain]):
    """One address of a dashboard."""

    domain = ADDRESS

    class Meta:
        model = Domain
        fields = ["domain", "is_primary"]
        labels = {"is_primary": "Main address"}
        help_texts = {"is_primary": "The one that the list of tenants shows."}


class DomainInline(StackedInline):
    """Further addresses of a tenant's dashboard."""

    model = Domain
    form = DomainForm
    verbose_name = "address"
    verbose_name_plural = "Addresses"
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


class TenantAdmin(RoleAdmin):
    """The list of tenants with what became of their provisioning."""

    list_display = ["name", "slug", "address", "state", "created_at"]
    list_filter = ["status"]
    search_fields = ["name", "slug", "owner_email", "domains__domain"]
    ordering = ["name"]
    empty_text = "Add the first tenant: a customer with a dashboard and data of its own."
    inlines = [DomainInline]
    change_form_outer_before_template = "dashboard/tenant_state.html"

    def may_view(self, person: Staff) -> bool:
        return person.is_superuser

    def may_edit(self, person: Staff) -> bool:
        return person.is_superuser

    @display(description="Address")
    def address(self, tenant: Tenant) -> str:
        primary = tenant.domains.filter(is_primary=True).first()
        return str(primary.domain) if primary else "none"

    @display(
        description="State",
        label={
            "Active": "success",
            "Provisioning": "info",
            "Failed": "danger",
            "Suspended": "warning",
        },
    )
    def state(self, tenant: Tenant) -> str:
        return Tenant.Status(tenant.status).label

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = {"form": NewTenantForm} if obj is None else {}
        return super().get_form(request, obj, change=change, **form, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [(None, {"fields": ["name", "slug", "domain", "owner_email"]})]
        return [
            (None, {"fields": ["name", "owner_email", "slug", "created_at"]}),
            ("Limits", {"fields": FIGURES}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if obj is None else ["slug", "created_at"]

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return [] if obj is None else self.inlines

    def save_model(self, request: HttpRequest, obj: Tenant, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            self._provision(request, obj)

    def get_urls(self) -> list[URLPattern]:
        steps = {"retry": self.retry, "suspend": self.suspend, "resume": self.resume}
        own = [
            path(
                f"<int:tenant_id>/{name}/",
                self.admin_site.admin_view(require_POST(view)),
                name=f"tenants_tenant_{name}",
            )
            for name, view in steps.items()
        ]
        return [*own, *super().get_urls()]

    def retry(self, request: HttpRequest, tenant_id: int) -> HttpResponse:
        tenant = get_object_or_404(Tenant, id=tenant_id)
        self._set(tenant, Tenant.Status.PROVISIONING)
        self._provision(request, tenant)
        return redirect("admin:tenants_tenant_change", tenant_id)

    def suspend(self, request: HttpRequest, tenant_id: int) -> HttpResponse:
        tenant = get_object_or_404(Tenant, id=tenant_id, status=Tenant.Status.ACTIVE)
        self._set(tenant, Tenant.Status.SUSPENDED)
        messages.success(request, f"{tenant.name} is suspended: its keys and dashboard are shut.")
        return redirect("admin:tenants_tenant_change", tenant_id)

    def resume(self, request: HttpRequest, tenant_id: int) -> HttpResponse:
        tenant = get_object_or_404(Tenant, id=tenant_id, status=Tenant.Status.SUSPENDED)
        self._set(tenant, Tenant.Status.ACTIVE)
        messages.success(request, f"{tenant.name} is open again.")
        return redirect("admin:tenants_tenant_change", tenant_id)

    def _set(self, tenant: Tenant, status: Tenant.Status) -> None:
        tenant.status = status
        tenant.save(update_fields=["status"])

    def _provision(self, request: HttpRequest, tenant: Tenant) -> None:
        """After the commit: a worker must find the row."""

        def queue() -> None:
            try:
                provision.delay(tenant.pk)
            except OperationalError:
                messages.error(
                    request,
                    f"{tenant.name} is recorded, but no worker could be told: Redis does not "
                    "answer. Start Redis, then press Retry.",
                )
            else:
                messages.info(request, f"{tenant.name} is being set up in the background.")

        transaction.on_commit(queue)
