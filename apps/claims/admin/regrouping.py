"""Merging and splitting claims in the admin."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join

from apps.accounts.models import Scope, User
from apps.claims.forms import MergeForm, SplitForm
from apps.claims.models import Claim, Regrouping
from apps.claims.services.regrouping import merge_claims, split_claim, undo_regrouping
from apps.events.log import recording
from claimtrack.admin.deeds import Deed, DeedAdmin, allowed, form_page, refuse
from claimtrack.admin.showing import link, shorten
from claimtrack.errors import DomainError

MOST_ALIKE = 50


def _undo(claim_id: int, by: User, option: str) -> None:
    with recording() as record:
        record(undo_regrouping(claim_id=claim_id, by=by))


def _was_regrouped(claim: Claim) -> bool:
    split_off = Q(other=claim, kind=Regrouping.Kind.SPLIT)
    return Regrouping.objects.filter(Q(claim=claim) | split_off, undone_at=None).exists()


UNDO = Deed("undo", "Undo merge or split", Scope.REVIEW, _undo, "put back as it was", _was_regrouped)


class RegroupingPages(DeedAdmin):
    """The pages on which a claim is merged into another, or split."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/merge/", view(self.merge_view), name=self.address_name("merge")),
            path("<int:pk>/split/", view(self.split_view), name=self.address_name("split")),
            *super().get_urls(),
        ]

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form in which a claim is merged into another, with those that it might be."""
        user = allowed(request, Scope.REVIEW)
        claim = get_object_or_404(Claim, pk=pk)
        form = MergeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            try:
                with recording() as record:
                    record(merge_claims(claim_id=pk, into_id=given["into"], reason=given["reason"], by=user))
            except DomainError as error:
                refuse(form, error)
            else:
                messages.success(request, f"The claim was merged into claim {given['into']}.")
                return HttpResponseRedirect(self.address("change", given["into"]))
        alike = Claim.objects.standing().of_speakers(claim.speakers.values_list("pk", flat=True)).exclude(pk=pk)
        newest = alike.defer("search", "embedding").order_by("-pk")[:MOST_ALIKE]
        rows = ((one.pk, link(one)) for one in newest)
        return form_page(
            request,
            self,
            form,
            title=f"Merge: {shorten(claim.text, 80)}",
            submit="Merge",
            back=self.address("change", pk),
            about=format_html(
                "{}<p>Claims of the same speakers:</p><ul>{}</ul>",
                claim.text,
                format_html_join("", "<li>{}: {}</li>", rows),
            ),
        )

    def split_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form in which some of what bears on a claim becomes a claim of its own."""
        user = allowed(request, Scope.REVIEW)
        claim = get_object_or_404(Claim, pk=pk)
        form = SplitForm(claim, request.POST or None)
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            moved = {"link_ids": [], "statement_ids": given["statements"], "wording": {"text": given["text"]}}
            try:
                with recording() as record:
                    made = record(split_claim(claim_id=pk, **moved, reason=given["reason"], by=user))
            except DomainError as error:
                refuse(form, error)
            else:
                messages.success(request, "A claim of its own was made.")
                return HttpResponseRedirect(self.address("change", made.pk))
        back = self.address("change", pk)
        title = f"Split: {shorten(claim.text, 80)}"
        return form_page(request, self, form, title=title, submit="Split", back=back, about=claim.text)
