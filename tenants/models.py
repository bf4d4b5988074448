"""Facts of the shared schema: who the tenants are, which key is whose, what is due when."""

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django_tenants.models import DomainMixin, TenantMixin

SLUG = RegexValidator(
    r"^[a-z][a-z0-9_]{1,27}$",
    "Use 2 to 28 lower-case letters, digits or underscores, beginning with a letter.",
)
HOST = RegexValidator(
    r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\Z",
    "Write a host name alone, in lower case, for example acme.example.com.",
)


def figure(default: int, help_text: str) -> "models.PositiveBigIntegerField[int, int]":
    """A figure of a tenant's plan."""
    return models.PositiveBigIntegerField(
        default=default, validators=[MinValueValidator(1)], help_text=help_text
    )


class Tenant(TenantMixin):
    """A customer. Its schema is `t_<slug>`; the row exists before the schema does.

    The figures are its plan: far above what real visitors need, below what would hurt others.
    """

    class Status(models.TextChoices):
        PROVISIONING = "provisioning"
        ACTIVE = "active"
        FAILED = "failed"
        SUSPENDED = "suspended"

    # Provisioning is a background task of our own: a request never waits for a schema.
    auto_create_schema = False

    name = models.CharField(max_length=120)
    slug = models.CharField(max_length=28, unique=True, validators=[SLUG])
    owner_email = models.EmailField()
    status = models.CharField(max_length=16, choices=Status, default=Status.PROVISIONING)
    provisioning_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    messages_per_minute = figure(6_000, "Visitors' messages a minute, over all websites.")
    requests_per_minute = figure(600, "Requests a minute with secret keys.")
    turns_per_day = figure(100_000, "Answered messages a day, for each website.")
    tokens_per_day = figure(20_000_000, "A model's tokens a day, for each website.")
    tokens_per_session = figure(200_000, "A model's tokens in one conversation.")

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE


class Domain(DomainMixin):
    """A host of a tenant's dashboard."""


class KeyRecord(models.Model):
    """The key directory: whose key a hash is. The key's own row is in the tenant's schema."""

    digest = models.CharField(max_length=64, primary_key=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="key_records")

    def __str__(self) -> str:
        return f"a key of {self.tenant_id}"


class Due(models.Model):
    """What is to be done in which tenant, and when. One table, so that a sweep is one query.

    `subject` is the row the work is about: a session's id for `session`, the lane of deliveries
    for `webhook`.
    """

    class Kind(models.TextChoices):
        SESSION = "session"
        WEBHOOK = "webhook"

    schema = models.CharField(max_length=63)
    kind = models.CharField(max_length=16, choices=Kind)
    subject = models.UUIDField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["schema", "kind", "subject"], name="one_due_per_subject"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} of {self.schema}"


class SchemaScript(models.Model):
    """The statements that build an empty tenant at one migration head, compiled at deploy."""

    head = models.CharField(max_length=64, unique=True)
    sql = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.head
