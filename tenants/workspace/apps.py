"""Registers the half of the control plane that stands in a tenant's schema."""

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "tenants.workspace"
    label = "workspace"
    verbose_name = "Set-up"
    default_auto_field = "django.db.models.BigAutoField"
