"""`Authorization: Bearer TOKEN`."""

from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.accounts.models import ApiToken, User
from apps.accounts.services import digest_of

NOTED_EVERY = timedelta(minutes=1)


class BearerAuthentication(BaseAuthentication):
    """Who comes with a token acts as its owner, within the token's scopes."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if not scheme:
            return None
        if scheme.lower() != "bearer" or not secret.strip():
            raise AuthenticationFailed("Write the header as: Authorization: Bearer TOKEN.")
        token = ApiToken.objects.usable().select_related("user").filter(digest=digest_of(secret.strip())).first()
        if token is None:
            raise AuthenticationFailed("This token is unknown, expired or revoked.")
        long_ago = Q(last_used_at=None) | Q(last_used_at__lt=Now() - NOTED_EVERY)
        ApiToken.objects.filter(long_ago, pk=token.pk).update(last_used_at=Now())
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="claimtrack"'
