"""Users and tokens: making them, and taking tokens back."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models.functions import Now

from apps.accounts.models import ApiToken, Role, Scope, User
from claimtrack.errors import DomainError

TOKEN_MARK = "ct_"
FIRST_ADMIN_LOCK = 0x61646D696E  # "admin"


class ScopeBeyondRights(DomainError):
    """A token may not do what its owner may not."""

    code = "scope_beyond_rights"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the first admin needs to come in; the only moment at which the secrets are readable."""

    username: str
    password: str
    token: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token and its secret, which is shown once and kept nowhere."""

    token: ApiToken
    secret: str


def digest_of(secret: str) -> bytes:
    """The 32 bytes under which a token is kept. The secrets are long and random: no slow hash is needed."""
    return hashlib.sha256(secret.encode()).digest()


@transaction.atomic
def issue_token(*, user: User, name: str, scopes: Collection[Scope], expires_at: datetime | None = None) -> Issued:
    """Make a token for a user. Raises ScopeBeyondRights."""
    beyond = set(scopes) - user.scopes
    if beyond:
        names = ", ".join(sorted(beyond))
        raise ScopeBeyondRights(f"{user.username} ({user.role}) has no right to: {names}", field="scopes")
    secret = TOKEN_MARK + secrets.token_urlsafe(30)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        prefix=secret[:8],
        digest=digest_of(secret),
        scopes=sorted(scopes),
        expires_at=expires_at,
    )
    return Issued(token, secret)


@transaction.atomic
def revoke_token(*, token_id: int) -> None:
    """End a token; ending it twice changes nothing."""
    ApiToken.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=Now())


@transaction.atomic
def create_first_admin() -> Credentials | None:
    """Make the admin of a fresh installation and a token with all rights; None where there is an admin already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_ADMIN_LOCK])
    if User.objects.filter(role=Role.ADMIN).exists():
        return None
    password = secrets.token_urlsafe(12)
    admin = User.objects.create_user("admin", password, role=Role.ADMIN)
    issued = issue_token(user=admin, name="first token", scopes=admin.scopes)
    return Credentials(admin.username, password, issued.secret)
