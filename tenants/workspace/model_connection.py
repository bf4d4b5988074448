"""Facts of a tenant's language models: how one is reached and led, and what it has cost."""

from datetime import date
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ai_bridge.contract import Provider
from tenants.sealing import seal, unseal

MICRO = 1_000_000
HINT = 4
# A price below it would give money back, and no cap would ever be reached.
NOT_BELOW_ZERO = MinValueValidator(0)


def this_month() -> date:
    """The month that spending counts in: by UTC, named by its first day."""
    return timezone.now().date().replace(day=1)


class ModelConnection(models.Model):
    """A model that helps to read and answer visitors. The key is sealed and never shown again.

    Prices are for a million tokens, in whatever currency the provider bills; `monthly_cap` is in
    the same and holds against all that the workspace spends on models in a month. The persona may
    be told to visitors, the system prompt never is.
    """

    class Kind(models.TextChoices):
        OPENAI = "openai", "OpenAI-compatible"
        ANTHROPIC = "anthropic", "Anthropic"
        LANGCHAIN = "langchain", "LangChain chat model"

    class Extractor(models.TextChoices):
        HYBRID = "hybrid", "Rules and model together"
        MODEL = "model", "The model alone"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.OPENAI)
    model_name = models.CharField("model", max_length=200)
    base_url = models.CharField("base URL", max_length=2_000, blank=True)
    sealed_key = models.TextField(blank=True, editable=False)
    key_hint = models.CharField(max_length=HINT, blank=True, editable=False)
    extractor = models.CharField(
        "reading", max_length=8, choices=Extractor, default=Extractor.HYBRID
    )
    persona = models.TextField(max_length=4_000, blank=True)
    system_prompt = models.TextField(max_length=16_000, blank=True)
    max_tokens = models.PositiveIntegerField(
        default=1_000, validators=[MinValueValidator(64), MaxValueValidator(8_192)]
    )
    timeout_seconds = models.PositiveSmallIntegerField(
        default=8, validators=[MinValueValidator(1), MaxValueValidator(18)]
    )
    input_price = models.DecimalField(
        max_digits=12, decimal_places=6, default=0, validators=[NOT_BELOW_ZERO]
    )
    output_price = models.DecimalField(
        max_digits=12, decimal_places=6, default=0, validators=[NOT_BELOW_ZERO]
    )
    monthly_cap = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True, validators=[NOT_BELOW_ZERO]
    )
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "model"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_model"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def set_key(self, plain: str) -> None:
        """An empty key takes the old one away: some endpoints of one's own need none."""
        self.sealed_key = seal(plain) if plain else ""
        self.key_hint = plain[-HINT:] if len(plain) > 2 * HINT else ""

    def provider(self) -> Provider:
        """As the runner gets it. Raises SealBroken when the key cannot be read any more."""
        return Provider.model_validate(
            {
                "kind": self.kind,
                "model": self.model_name,
                "base_url": self.base_url,
                "api_key": unseal(self.sealed_key) if self.sealed_key else "",
                "persona": self.persona,
                "system_prompt": self.system_prompt,
                "extractor": self.extractor,
                "max_tokens": self.max_tokens,
                "timeout_ms": self.timeout_seconds * 1_000,
            }
        )


class ModelUsage(models.Model):
    """What a connection used in a month. Costs are in millionths of the price's currency."""

    connection = models.ForeignKey(ModelConnection, on_delete=models.PROTECT, related_name="usage")
    month = models.DateField()
    turns = models.PositiveBigIntegerField(default=0)
    degraded_turns = models.PositiveBigIntegerField(default=0)
    input_tokens = models.PositiveBigIntegerField(default=0)
    output_tokens = models.PositiveBigIntegerField(default=0)
    cost_micros = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "month"], name="one_usage_per_month")
        ]

    def __str__(self) -> str:
        return f"{self.connection} in {self.month:%B %Y}"
