"""What people do in the admin: each button and each form calls one service, for who has the right to it.

A deed is a POST, so that no link that somebody follows can do it for them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from apps.accounts.models import Scope, User
from claimtrack.admin.reading import Page, ReadOnlyAdmin
from claimtrack.errors import DomainError

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Deed:
    """A button: the right that it needs, what it does to the row of this id, and when it makes sense.

    `options` are what may be chosen beside the button; the choice, '' without one, goes to `do`.
    """

    name: str
    label: str
    scope: Scope
    do: Callable[[int, User, str], object]
    done: str
    applies: Callable[[Any], bool] = lambda row: True
    is_primary: bool = False
    options: tuple[str, ...] = ()
    no_option: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A deed, or a page with a form, as it stands on a row's page."""

    label: str
    url: str
    is_post: bool
    is_primary: bool = False
    options: tuple[str, ...] = ()
    no_option: str = ""


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the admin lets nobody else in
    return request.user


def allowed(request: HttpRequest, scope: Scope) -> User:
    """The user, where they have this right. Raises PermissionDenied."""
    user = user_of(request)
    if scope not in user.scopes:
        raise PermissionDenied
    return user


def refuse(form: forms.Form, error: DomainError) -> None:
    """Show a refusal beside the field at fault, else above the form."""
    field = error.field if error.field in form.fields else None
    form.add_error(field, error.message)


class DeedAdmin(ReadOnlyAdmin):
    """Pages with deeds: buttons on a row's page, actions over the rows that are ticked in the list."""

    deeds: tuple[Deed, ...] = ()
    change_form_outer_before_template = "claimtrack/admin/buttons.html"

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<int:pk>/{deed.name}/",
                self.admin_site.admin_view(require_POST(partial(self._do_one, deed))),
                name=self.address_name(deed.name),
            )
            for deed in self.deeds
        ]
        return [*own, *super().get_urls()]

    def address_name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def address(self, page: str, *args: object) -> str:
        return reverse(f"admin:{self.address_name(page)}", args=args)

    def get_actions(self, request: HttpRequest, *location: Any) -> dict[str, Any]:
        scopes = user_of(request).scopes
        own = {
            deed.name: (partial(_do_many, deed), deed.name, f"{deed.label} the ticked ones")
            for deed in self.deeds
            if deed.scope in scopes
        }
        return {**super().get_actions(request, *location), **own}

    def buttons(self, request: HttpRequest, row: Any) -> list[Button]:
        """What this user may do to this row now."""
        scopes = user_of(request).scopes
        return [
            Button(deed.label, self.address(deed.name, row.pk), True, deed.is_primary, deed.options, deed.no_option)
            for deed in self.deeds
            if deed.scope in scopes and deed.applies(row)
        ]

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {**super().page_context(request, row), "buttons": self.buttons(request, row)}

    def _do_one(self, deed: Deed, request: HttpRequest, pk: int) -> HttpResponse:
        user = allowed(request, deed.scope)
        try:
            deed.do(pk, user, request.POST.get("option", ""))
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, f"The {self.opts.verbose_name} was {deed.done}.")
        return HttpResponseRedirect(self._back(request))

    def _back(self, request: HttpRequest) -> str:
        """The page that the button stood on."""
        came_from: str = request.META.get("HTTP_REFERER", "")
        if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
            return came_from
        return self.address("changelist")


def _do_many(deed: Deed, admin: DeedAdmin, request: HttpRequest, rows: QuerySet[Model]) -> None:
    """Do it to each row by itself, so that one refusal leaves the others done."""
    user = allowed(request, deed.scope)
    done, refusals = 0, []
    for row in rows[:MOST_AT_ONCE]:
        try:
            deed.do(row.pk, user, "")
        except DomainError as error:
            refusals.append(f"{row}: {error.message}")
        else:
            done += 1
    if done:
        names = admin.opts.verbose_name if done == 1 else admin.opts.verbose_name_plural
        messages.success(request, f"{done} {names} {'was' if done == 1 else 'were'} {deed.done}.")
    for refusal in refusals[:10]:
        messages.error(request, refusal)
    if len(refusals) > 10:
        messages.error(request, f"{len(refusals) - 10} more were refused.")


def button_in_row(label: str, url: str, *, is_primary: bool = False) -> SafeString:
    """A button inside the form of a list: it posts to an address of its own, with the form's token."""
    style = "ct-button ct-primary" if is_primary else "ct-button"
    return format_html('<button type="submit" class="{}" formaction="{}">{}</button>', style, url, label)


def form_page(
    request: HttpRequest, admin: Page, form: forms.Form, *, title: str, submit: str, back: str, **more: object
) -> TemplateResponse:
    """A page of the admin with a form of our own."""
    context = {
        **admin.admin_site.each_context(request),
        "title": title,
        "form": form,
        "media": admin.media + form.media,
        "submit": submit,
        "back": back,
        **more,
    }
    return TemplateResponse(request, "claimtrack/admin/form_page.html", context)
