"""Facts of requests that were sent with an Idempotency-Key."""

from django.db import models

from tenants.sealing import SealedField


class ApiCall(models.Model):
    """What was answered to one Idempotency-Key of one secret key, to be answered again.

    No `status` yet: being worked on until `deadline`; after it whoever asks again takes over, and
    `claim` tells the two apart. The answer may hold a secret, so it is sealed.
    """

    key = models.ForeignKey("workspace.ApiKey", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    claim = models.UUIDField()
    deadline = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    answer = SealedField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "name"], name="one_call_per_name")]

    def __str__(self) -> str:
        return self.name
