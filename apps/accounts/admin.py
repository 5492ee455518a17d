"""Users and their tokens, for admins."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.forms import AdminPasswordChangeForm
from unfold.forms import UserChangeForm as ChangeForm
from unfold.forms import UserCreationForm as CreationForm
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
)

from apps.accounts.models import ApiToken, Scope, User
from apps.accounts.services import issue_token, revoke_token
from claimtrack.admin.deeds import Deed, DeedAdmin, allowed, form_page, refuse
from claimtrack.admin.reading import Page
from claimtrack.admin.showing import badge
from claimtrack.errors import DomainError

admin.site.unregister(Group)  # rights follow from the role


class UserCreationForm(CreationForm):  # type: ignore[misc]
    class Meta:
        model = User
        fields = ("username", "email", "role", "is_bot")


class UserChangeForm(ChangeForm):  # type: ignore[misc]
    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class UserAdmin(DjangoUserAdmin, Page):  # type: ignore[type-arg]
    """People and bots. Nobody is deleted, because history names them: they are made inactive."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "email", "role_shown", "is_bot", "is_active", "last_login", "joined_at")
    list_filter = ("role", "is_bot", "is_active")
    search_fields = ("username", "email")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "joined_at")
    fieldsets = (
        (None, {"fields": ("username", "password", "email")}),
        ("Rights", {"fields": ("role", "is_bot", "is_active")}),
        ("Moments", {"fields": ("last_login", "joined_at")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "email", "role", "is_bot", "usable_password", "password1", "password2")}),
    )

    @admin.display(description="role", ordering="role")
    def role_shown(self, user: User) -> SafeString:
        return badge(user.role, {"admin": "primary", "editor": "info"}.get(user.role, ""))

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Nobody takes the rights of an admin from themselves: the last one would be locked out."""
        own = ("role", "is_bot", "is_active") if obj is not None and obj.pk == request.user.pk else ()
        return (*own, *self.readonly_fields)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class IssueTokenForm(forms.Form):
    user = forms.ModelChoiceField(User.objects.none(), widget=UnfoldAdminSelectWidget)
    name = forms.CharField(
        max_length=100, widget=UnfoldAdminTextInputWidget, help_text="what it is for, so that you know it again"
    )
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="within the rights of its owner; a bot's token gets no judge",
    )
    expires_at = forms.SplitDateTimeField(
        required=False, widget=UnfoldAdminSplitDateTimeWidget, help_text="UTC; empty: it does not expire"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        users = self.fields["user"]
        assert isinstance(users, forms.ModelChoiceField)
        users.queryset = User.objects.filter(is_active=True).order_by("username")

    def clean_expires_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["expires_at"]
        if moment and moment <= timezone.now():
            raise forms.ValidationError("This moment is past.")
        return moment


def _revoke(token_id: int, by: User, option: str) -> None:
    revoke_token(token_id=token_id)


@admin.register(ApiToken)
class ApiTokenAdmin(DeedAdmin):
    """Keys to the API. A token is issued and revoked, never changed; its secret is shown once."""

    list_display = ("name", "prefix", "user", "scopes_shown", "state", "created_at", "expires_at", "last_used_at")
    list_filter = ("user__role",)
    list_select_related = ("user",)
    search_fields = ("name", "prefix", "user__username")
    ordering = ("-id",)
    fields = (
        "name",
        "prefix",
        "user",
        "scopes_shown",
        "state",
        "created_at",
        "expires_at",
        "revoked_at",
        "last_used_at",
    )
    deeds = (Deed("revoke", "Revoke", Scope.ADMIN, _revoke, "revoked", applies=lambda token: token.revoked_at is None),)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and Scope.ADMIN in request.user.scopes

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiToken]:
        return super().get_queryset(request).defer("digest")

    @admin.display(description="scopes")
    def scopes_shown(self, token: ApiToken) -> str:
        return ", ".join(token.scopes)

    @admin.display(description="state")
    def state(self, token: ApiToken) -> SafeString:
        if token.revoked_at:
            return badge("revoked", "danger")
        if not token.user.is_active:
            return badge("owner inactive", "warning")
        return badge("usable", "success") if token.is_usable else badge("expired", "warning")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Issue a token. The answer to the form is the only page that ever shows the secret."""
        allowed(request, Scope.ADMIN)
        form = IssueTokenForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            try:
                issued = issue_token(
                    user=given["user"],
                    name=given["name"],
                    scopes={Scope(scope) for scope in given["scopes"]},
                    expires_at=given["expires_at"],
                )
            except DomainError as error:
                refuse(form, error)
            else:
                context = {
                    **self.admin_site.each_context(request),
                    "title": f"Token “{issued.token.name}”",
                    "issued": issued,
                    "back": self.address("changelist"),
                }
                return TemplateResponse(request, "claimtrack/admin/token_issued.html", context)
        return form_page(request, self, form, title="Issue a token", submit="Issue", back=self.address("changelist"))
