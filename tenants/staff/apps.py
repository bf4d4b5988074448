"""Registers the people who sign in."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "tenants.staff"
    label = "staff"
    verbose_name = "Team"
    default_auto_field = "django.db.models.BigAutoField"
