"""Registers the data plane, which stands in a tenant's schema."""

from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "sessions_app"
    verbose_name = "Intake"
    default_auto_field = "django.db.models.BigAutoField"
