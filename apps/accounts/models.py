"""People and programs that use the service, and what they may do."""

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone


class Role(models.TextChoices):
    """What a user may do: each role includes the ones before it."""

    READER = "reader"
    EDITOR = "editor"
    ADMIN = "admin"


class Scope(models.TextChoices):
    """What a token may be used for, within the rights of its owner."""

    READ = "read"
    SUBMIT = "submit"
    REVIEW = "review"
    JUDGE = "judge"
    ADMIN = "admin"


SCOPES_OF = {
    Role.READER: frozenset({Scope.READ}),
    Role.EDITOR: frozenset({Scope.READ, Scope.SUBMIT, Scope.REVIEW, Scope.JUDGE}),
    Role.ADMIN: frozenset(Scope),
}


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(username, password, role=Role.ADMIN, **fields)


class User(AbstractBaseUser):
    """A person, or a program that acts under a name of its own (`is_bot`): a bot never judges."""

    username = models.CharField(max_length=150, unique=True, validators=[UnicodeUsernameValidator()])
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=10, choices=Role, default=Role.READER)
    is_bot = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(db_default=Now())

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.username

    @property
    def scopes(self) -> frozenset[Scope]:
        """All that this user may do."""
        scopes = SCOPES_OF[Role(self.role)] if self.is_active else frozenset()
        return scopes - {Scope.JUDGE} if self.is_bot else scopes

    @property
    def is_staff(self) -> bool:
        """Whether the admin lets this user in."""
        return self.is_active and not self.is_bot and self.role != Role.READER

    @property
    def is_superuser(self) -> bool:
        return self.is_active and self.role == Role.ADMIN

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Editors look at everything in the admin but accounts; what may be changed, each page says itself."""
        app, _, action = perm.partition(".")
        return self.is_superuser or (self.is_staff and action.startswith("view_") and app != "accounts")

    def has_perms(self, perms: list[str], obj: object = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_superuser or (self.is_staff and app_label != "accounts")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self) -> "ApiTokenQuerySet":
        fresh = Q(expires_at=None) | Q(expires_at__gt=Now())
        return self.filter(fresh, revoked_at=None, user__is_active=True)


class ApiToken(models.Model):
    """A key to the API. Only its digest is kept; the prefix is for people to know it by."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)
    digest = models.BinaryField(max_length=32, unique=True)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope))
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def effective_scopes(self) -> frozenset[Scope]:
        """The token's scopes within its owner's rights of today."""
        return self.user.scopes & {Scope(scope) for scope in self.scopes}

    @property
    def is_usable(self) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > timezone.now())
