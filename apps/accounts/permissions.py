"""Which scope a request needs. DESIGN's table of rights, as permissions of views."""

from django.views import View
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.accounts.models import ApiToken, Scope, User


def scopes_of(request: Request) -> frozenset[Scope]:
    """What this request may do: the token's scopes within its owner's rights; nothing without a token."""
    return request.auth.effective_scopes if isinstance(request.auth, ApiToken) else frozenset()


def user_of(request: Request) -> User:
    """The user behind a request that a permission let through."""
    assert isinstance(request.user, User)
    return request.user


class _Needs(BasePermission):
    scope: Scope
    message = "Your token has no right to do this."

    def has_permission(self, request: Request, view: View) -> bool:
        return self.scope in scopes_of(request)


class Reader(_Needs):
    scope = Scope.READ


class Submitter(_Needs):
    scope = Scope.SUBMIT


class Reviewer(_Needs):
    scope = Scope.REVIEW


class Judge(_Needs):
    scope = Scope.JUDGE


class Administrator(_Needs):
    scope = Scope.ADMIN
