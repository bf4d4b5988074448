"""Facts of a tenant's workspace: websites, keys, templates and their versions."""

import secrets
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

from tenants.workspace.api_call import ApiCall as ApiCall
from tenants.workspace.fields import DocumentField
from tenants.workspace.model_connection import ModelConnection as ModelConnection
from tenants.workspace.model_connection import ModelUsage as ModelUsage
from tenants.workspace.webhook import Webhook as Webhook

COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}$", "Write the colour as #rrggbb, for example #0f766e.")


def new_identity_secret() -> str:
    return secrets.token_urlsafe(32)


class Template(models.Model):
    """What a customer wants to learn. The draft is edited; versions are what visitors meet."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=120)
    draft = DocumentField(default=dict)
    published = models.ForeignKey(
        "TemplateVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name


class TemplateVersion(models.Model):
    """One published state of a template. The database role may insert it, never change it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = DocumentField()
    hash = models.CharField(max_length=80)
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="one_version_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.template.name}, version {self.number}"


class Website(models.Model):
    """A page of the customer's where the widget may run, and with which template.

    `identity_secret` signs what the customer's server says of its visitor; never sent to a browser.
    """

    class Theme(models.TextChoices):
        AUTO = "auto"
        LIGHT = "light"
        DARK = "dark"

    class Position(models.TextChoices):
        RIGHT = "right"
        LEFT = "left"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=120)
    allowed_origins = ArrayField(models.CharField(max_length=255), default=list)
    template = models.ForeignKey(Template, on_delete=models.PROTECT, null=True, blank=True)
    model_connection = models.ForeignKey(
        ModelConnection, on_delete=models.PROTECT, null=True, blank=True, related_name="websites"
    )
    rules_only = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    identity_secret = models.CharField(max_length=64, default=new_identity_secret, editable=False)
    locale = models.CharField(max_length=16, default="en")
    region = models.CharField(max_length=2, blank=True)
    timezone = models.CharField(max_length=64, default="UTC")
    title = models.CharField(max_length=60, default="Chat with us")
    launcher_title = models.CharField(max_length=60, default="Chat with us")
    colour = models.CharField(max_length=7, default="#0f766e", validators=[COLOUR])
    theme = models.CharField(max_length=8, choices=Theme, default=Theme.AUTO)
    position = models.CharField(max_length=8, choices=Position, default=Position.RIGHT)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    def allows(self, origin: str) -> bool:
        """Whether a browser page of exactly this origin (scheme, host, port) may chat."""
        return origin in self.allowed_origins

    def appearance(self) -> dict[str, Any]:
        """What anybody who loads the widget may know of the site."""
        return {
            "name": self.name,
            "title": self.title,
            "locale": self.locale,
            "theme": self.theme,
            "color": self.colour,
            "position": self.position,
            "launcher_title": self.launcher_title,
        }


class Scope(models.TextChoices):
    """What a secret key may be used for."""

    VISITORS = "visitors", "Let visitors in (tokens)"
    SESSIONS = "sessions", "Read conversations"
    SETUP = "setup", "Read templates and websites"
    WEBHOOKS = "webhooks", "Manage webhooks"
    USAGE = "usage", "Read usage"


def all_scopes() -> list[str]:
    return list(Scope.values)


class ApiKey(models.Model):
    """A key of a website. The key itself is shown once; only its prefix and hash are kept.

    `scopes` say what a secret key opens; a publishable one lets visitors in and nothing else.
    `last_used_at` is right to the minute.
    """

    class Kind(models.TextChoices):
        PUBLISHABLE = "publishable"
        SECRET = "secret"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    website = models.ForeignKey(Website, on_delete=models.CASCADE, related_name="keys")
    kind = models.CharField(max_length=16, choices=Kind)
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=16, choices=Scope), default=all_scopes)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "API key"
        verbose_name_plural = "API keys"

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_live(self) -> bool:
        has_expired = self.expires_at is not None and self.expires_at <= timezone.now()
        return self.revoked_at is None and not has_expired
