"""Claims: what they say, what bears on them, how their status came about; adopting, rewording, judging."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.accounts.models import Scope, User
from apps.claims.admin.links import status_badge
from apps.claims.admin.looking_up import LookUpPage
from apps.claims.admin.regrouping import UNDO, RegroupingPages
from apps.claims.admin.tables import bearing, chained, life
from apps.claims.forms import JudgeForm, ReviseForm, SourceForm, SourceFormSet, TopicsForm
from apps.claims.models import SEARCH_CONFIG, Claim, Link, Stage
from apps.claims.services.judging import change_status
from apps.claims.services.topics import set_topics
from apps.claims.services.tracking import Author, adopt_claim, revise_claim, wording_of
from apps.claims.services.watching import review_claim
from apps.claims.silence import Flag
from apps.claims.statuses import StatusOutcome
from apps.claims.then import claims_then
from apps.events.log import recording
from claimtrack.admin.deeds import Button, Deed, allowed, form_page, refuse, user_of
from claimtrack.admin.reading import BigTableAdmin
from claimtrack.admin.showing import NOTHING, Table, badge, link, shorten, stacked, words
from claimtrack.errors import DomainError
from claimtrack.extraction.attribution import Kind

STAGE_VARIANTS = {"tracked": "primary", "archived": "warning"}


class ByOutcome(admin.SimpleListFilter):
    """What the status comes to, comparable across kinds."""

    title = "outcome"
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [(outcome.value, outcome.value) for outcome in StatusOutcome]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        outcome = self.value()
        return queryset.filter(pk__in=Claim.objects.with_outcome(outcome)) if outcome else queryset


class NeedsReview(admin.SimpleListFilter):
    """What waits for people, all of it or for one reason."""

    title = "to look at"
    parameter_name = "needs_review"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("yes", "everything"), ("links", "suggested links"), *((flag.value, words(flag)) for flag in Flag)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        match self.value():
            case None:
                return queryset
            case "yes":
                return queryset.filter(pk__in=Claim.objects.to_look_at(datetime.now(UTC).date()).values("pk"))
            case "links":
                waiting = Link.objects.awaiting_review().values(family=Coalesce("claim__root_id", "claim_id"))
                return queryset.filter(pk__in=waiting)
            case flag:
                return queryset.filter(flags__contains=[flag])


def _adopt(claim_id: int, by: User, option: str) -> None:
    with recording() as record:
        record(adopt_claim(claim_id=claim_id, by=by))


def _reviewed(claim_id: int, by: User, option: str) -> None:
    with recording() as record:
        record(review_claim(claim_id=claim_id, by=by))


def _is_tracked(claim: Claim) -> bool:
    return claim.stage == Stage.TRACKED and claim.root_id is None


def flag_badges(claim: Claim) -> SafeString:
    """Why the claim wants looking at."""
    return format_html_join(" ", "{}", ((badge(flag, "warning"),) for flag in claim.flags))


@admin.register(Claim)
class ClaimAdmin(LookUpPage, RegroupingPages, BigTableAdmin):
    list_display = (
        "text_shown",
        "speakers_shown",
        "kind",
        "status_shown",
        "stage_shown",
        "flags_shown",
        "first_said_on",
        "due_on",
        "stories",
    )
    list_filter = ("stage", NeedsReview, "kind", ByOutcome, "status", "topics")
    search_fields = ("text",)
    search_help_text = "words as in a search engine: quotes, or, a minus"
    sortable_by = ("first_said_on", "due_on")
    list_fullwidth = True
    fields = (
        "text",
        "speakers_shown",
        "standing",
        "days",
        "topics_shown",
        "resolution_criteria",
        "looked_at",
        "weight",
    )
    deeds = (
        Deed("adopt", "Adopt", Scope.REVIEW, _adopt, "adopted", lambda claim: claim.stage != Stage.TRACKED),
        Deed("reviewed", "Looked at, nothing new", Scope.REVIEW, _reviewed, "marked as looked at", _is_tracked),
        UNDO,
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/judge/", view(self.judge_view), name=self.address_name("judge")),
            path("<int:pk>/revise/", view(self.revise_view), name=self.address_name("revise")),
            path("<int:pk>/topics/", view(self.topics_view), name=self.address_name("topics")),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        is_list = request.resolver_match is not None and request.resolver_match.url_name == self.address_name(
            "changelist"
        )
        seen = Claim.objects.with_details()
        claims: QuerySet[Claim] = claims_then(seen.standing() if is_list else seen)
        return claims

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        is_queue = request.GET.get("stage__exact") == Stage.CANDIDATE
        return ("-check_worthiness", "id") if is_queue else ("-id",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        query = SearchQuery(search_term, config=SEARCH_CONFIG, search_type="websearch")
        return queryset.filter(search=query), False

    @admin.display(description="claim")
    def text_shown(self, claim: Claim) -> SafeString:
        return stacked(shorten(claim.text, 220))

    @admin.display(description="speakers")
    def speakers_shown(self, claim: Claim) -> SafeString | str:
        return format_html_join(", ", "{}", ((link(speaker),) for speaker in claim.speakers.all())) or NOTHING

    @admin.display(description="topics")
    def topics_shown(self, claim: Claim) -> str:
        return ", ".join(str(topic) for topic in claim.topics.all()) or NOTHING

    @admin.display(description="status")
    def status_shown(self, claim: Claim) -> SafeString:
        return status_badge(claim.status)

    @admin.display(description="stage")
    def stage_shown(self, claim: Claim) -> SafeString:
        return badge(claim.stage, STAGE_VARIANTS.get(claim.stage, ""))

    @admin.display(description="stories")
    def stories(self, claim: Any) -> int:
        count: int = claim.independent_stories
        return count

    @admin.display(description="status")
    def standing(self, claim: Claim) -> SafeString:
        merged = format_html(", merged into {}", link(claim.root)) if claim.root else ""
        return format_html(
            "{} {} a {} whose outcome is {}{}",
            status_badge(claim.status),
            badge(claim.stage, STAGE_VARIANTS.get(claim.stage, "")),
            claim.kind,
            claim.outcome,
            merged,
        )

    @admin.display(description="first said · due")
    def days(self, claim: Claim) -> str:
        return f"{claim.first_said_on} · {claim.due_on or 'no day'}"

    @admin.display(description="looked at · to be looked at")
    def looked_at(self, claim: Claim) -> SafeString:
        last = localize(claim.last_reviewed_at) if claim.last_reviewed_at else "never"
        return format_html("{} · {} {}", last, claim.next_review_on or "no day", flag_badges(claim))

    @admin.display(description="to look at")
    def flags_shown(self, claim: Claim) -> SafeString:
        return flag_badges(claim)

    @admin.display(description="weight")
    def weight(self, claim: Claim) -> str:
        return f"{self.stories(claim)} independent stories · check-worthiness {claim.check_worthiness:.2f}"

    def buttons(self, request: HttpRequest, row: Claim) -> list[Button]:
        scopes = user_of(request).scopes if row.root_id is None else frozenset()
        own = []
        if Scope.JUDGE in scopes:
            own.append(Button("Judge", self.address("judge", row.pk), is_post=False, is_primary=True))
        if Scope.REVIEW in scopes:
            own += [
                Button(label, self.address(page, row.pk), is_post=False)
                for label, page in (("Reword", "revise"), ("Topics", "topics"), ("Merge", "merge"), ("Split", "split"))
            ]
        return [*own, *super().buttons(request, row)]

    def tables(self, request: HttpRequest, row: Claim) -> Sequence[Table]:
        may_decide = Scope.REVIEW in user_of(request).scopes
        return [bearing(row, may_decide=may_decide), life(row), chained(row)]

    def judge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form in which a claim is judged, on evidence."""
        user = allowed(request, Scope.JUDGE)
        claim = get_object_or_404(Claim, pk=pk)
        form = JudgeForm(claim, request.POST or None)
        sources = SourceFormSet(request.POST or None, prefix="source")
        if request.method == "POST" and form.is_valid() and sources.is_valid():
            filled = [source for source in sources if source.has_changed()]
            judgement = form.judgement(source.item() for source in filled)
            try:
                with recording() as record:
                    change = record(change_status(claim_id=pk, judgement=judgement, by=user))
            except DomainError as error:
                _refuse_judgement(form, filled, error)
            else:
                messages.success(request, f"The claim was judged: {change}.")
                return HttpResponseRedirect(self.address("change", pk))
        return form_page(
            request,
            self,
            form,
            title=f"Judge: {shorten(claim.text, 80)}",
            submit="Judge",
            back=self.address("change", pk),
            about=format_html(
                "{} <em>{}</em>, {}<p>{}</p>",
                claim.text,
                claim.kind,
                status_badge(claim.status),
                claim.resolution_criteria,
            ),
            formset=sources,
            formset_title="Evidence from elsewhere",
        )

    def revise_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form in which a claim is reworded; what it said before stays in its history."""
        user = allowed(request, Scope.REVIEW)
        claim = get_object_or_404(Claim, pk=pk)
        wording = wording_of(claim)
        form = ReviseForm(request.POST or None, initial=asdict(wording))
        if request.method == "POST" and form.is_valid():
            reason = form.cleaned_data.pop("reason")
            form.cleaned_data["kind"] = Kind(form.cleaned_data["kind"])
            try:
                with recording() as record:
                    record(revise_claim(claim_id=pk, changes=form.cleaned_data, reason=reason, by=Author.person(user)))
            except DomainError as error:
                refuse(form, error)
            else:
                messages.success(request, "The claim was reworded.")
                return HttpResponseRedirect(self.address("change", pk))
        back = self.address("change", pk)
        return form_page(request, self, form, title=f"Reword: {shorten(claim.text, 80)}", submit="Reword", back=back)

    def topics_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form in which a claim gets its topics; those that its words suggest are marked."""
        user = allowed(request, Scope.REVIEW)
        claim = get_object_or_404(Claim, pk=pk)
        form = TopicsForm(claim, request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                with recording() as record:
                    record(set_topics(claim_id=pk, slugs=form.cleaned_data["topics"], by=user))
            except DomainError as error:
                refuse(form, error)
            else:
                messages.success(request, "The claim has its topics.")
                return HttpResponseRedirect(self.address("change", pk))
        back = self.address("change", pk)
        title = f"Topics: {shorten(claim.text, 80)}"
        return form_page(request, self, form, title=title, submit="Save", back=back, about=claim.text)


def _refuse_judgement(form: JudgeForm, sources: Sequence[SourceForm], error: DomainError) -> None:
    """Show a refusal beside the piece of evidence, or the field, at fault."""
    place = re.fullmatch(r"evidence\[(\d+)\](?:\.(\w+))?", error.field)
    if place is None:
        refuse(form, error)
        return
    position = int(place[1]) - len(form.cleaned_data.get("statements", ()))
    at_fault: forms.Form = sources[position] if position >= 0 else form
    field = (place[2] or "dated_on") if position >= 0 else "statements"
    at_fault.add_error(field, error.message)
