"""A person who signs in to a dashboard, and what the role allows."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models


class StaffManager(BaseUserManager["Staff"]):
    """Creates people by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Staff":
        staff = self.model(email=self.normalize_email(email).lower(), **fields)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Staff":
        return self.create_user(
            email, password, **{"is_staff": True, "is_superuser": True, **fields}
        )


class Staff(AbstractUser):
    """The same table stands in every schema: a row is valid in its own schema alone."""

    class Role(models.TextChoices):
        OWNER = "owner"
        EDITOR = "editor"
        REVIEWER = "reviewer"
        VIEWER = "viewer"

    username = None  # type: ignore[assignment]
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=16, choices=Role, default=Role.VIEWER)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = StaffManager()  # type: ignore[misc,assignment]

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    @property
    def is_owner(self) -> bool:
        """People and their roles."""
        return self.is_superuser or self.role == self.Role.OWNER

    @property
    def can_edit(self) -> bool:
        """Websites, keys and templates."""
        return self.is_superuser or self.role in (self.Role.OWNER, self.Role.EDITOR)

    @property
    def can_review(self) -> bool:
        """Transcripts with everything in them."""
        return self.can_edit or self.role == self.Role.REVIEWER
