"""What was said and by whom, to look at."""

from collections.abc import Sequence

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget

from apps.accounts.models import Scope, User
from apps.events.log import recording
from apps.statements.models import Speaker, Statement, StatementSpan
from apps.statements.services.merging import merge_speakers, undo_speaker_merge
from claimtrack.admin.deeds import Button, Deed, DeedAdmin, allowed, form_page, refuse, user_of
from claimtrack.admin.reading import BigTableAdmin
from claimtrack.admin.showing import (
    NOTHING,
    Table,
    badge,
    chain_in_words,
    link,
    list_link,
    outside,
    quoted,
    shorten,
    stacked,
)
from claimtrack.errors import DomainError

NEWEST = 20
AROUND = 240
"""Characters of an article that are shown on either side of a statement."""
STANCE_VARIANTS = {
    "makes": "primary",
    "repeats": "info",
    "supports": "success",
    "contradicts": "danger",
    "revises": "warning",
    "reports_outcome": "warning",
}


def passage(statement: Statement) -> SafeString:
    """The content, marked, with the words around it in the newest version that has it."""
    span = statement.spans.select_related("version").order_by("-version__number", "-pk").first()
    if span is None:
        return format_html('<div class="ct-text">{}</div>', quoted(statement.text, len(statement.text)))
    text, starts = span.version.text, [start for start, _ in span.content]
    begins, ends = min(starts), max(end for _, end in span.content)
    before, after = text[max(0, begins - AROUND) : begins], text[ends : ends + AROUND]
    marked = format_html_join("", "{}<mark>{}</mark>", _pieces(text, span.content))
    return format_html(
        '<div class="ct-text">{}{}{}{}{}</div>',
        "… " if begins > AROUND else "",
        before,
        marked,
        after,
        " …" if ends + AROUND < len(text) else "",
    )


def _pieces(text: str, content: Sequence[Sequence[int]]) -> list[tuple[str, str]]:
    """Each piece of the content, with what stands between it and the piece before."""
    ordered = sorted((start, end) for start, end in content)
    ends = [ordered[0][0], *(end for _, end in ordered)]
    return [(text[ends[number] : start], text[start:end]) for number, (start, end) in enumerate(ordered)]


class MergeSpeakerForm(forms.Form):
    """Who is to stand for this speaker."""

    into = forms.IntegerField(
        label="Into speaker number", min_value=1, max_value=2**63 - 1, widget=UnfoldAdminIntegerFieldWidget
    )
    reason = forms.CharField(required=False, max_length=5_000, widget=UnfoldAdminTextareaWidget({"rows": 2}))


def _undo_merge(speaker_id: int, by: User, option: str) -> None:
    with recording() as record:
        record(undo_speaker_merge(speaker_id=speaker_id, by=by))


@admin.register(Speaker)
class SpeakerAdmin(DeedAdmin, BigTableAdmin):
    list_display = ("name", "kind_shown", "aliases_shown", "created_at")
    list_filter = ("kind",)
    search_fields = ("name", "names__icontains")
    ordering = ("-id",)
    sortable_by = ("name",)
    fields = ("name", "kind_shown", "aliases_shown", "merged_shown", "created_at", "statements_shown")
    deeds = (
        Deed("undo", "Undo merge", Scope.REVIEW, _undo_merge, "parted again", lambda one: one.root_id is not None),
    )

    def get_urls(self) -> list[URLPattern]:
        merge = self.admin_site.admin_view(self.merge_view)
        return [path("<int:pk>/merge/", merge, name=self.address_name("merge")), *super().get_urls()]

    def buttons(self, request: HttpRequest, row: Speaker) -> list[Button]:
        may_merge = row.root_id is None and Scope.REVIEW in user_of(request).scopes
        own = [Button("Merge", self.address("merge", row.pk), is_post=False)] if may_merge else []
        return [*own, *super().buttons(request, row)]

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form in which a speaker is merged into another, with those whose names end alike."""
        user = allowed(request, Scope.REVIEW)
        speaker = get_object_or_404(Speaker, pk=pk)
        form = MergeSpeakerForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            try:
                with recording() as record:
                    record(merge_speakers(speaker_id=pk, into_id=given["into"], reason=given["reason"], by=user))
            except DomainError as error:
                refuse(form, error)
            else:
                messages.success(request, f"{speaker} was merged into speaker {given['into']}.")
                return HttpResponseRedirect(self.address("change", given["into"]))
        alike = Speaker.objects.standing().filter(name__endswith=speaker.name.split()[-1]).exclude(pk=pk)
        rows = ((one.pk, link(one), one.kind) for one in alike.order_by("-pk")[:NEWEST])
        return form_page(
            request,
            self,
            form,
            title=f"Merge: {speaker}",
            submit="Merge",
            back=self.address("change", pk),
            about=format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {}, {}</li>", rows)),
        )

    @admin.display(description="merged into")
    def merged_shown(self, speaker: Speaker) -> SafeString | str:
        return link(speaker.root) if speaker.root else NOTHING

    def get_queryset(self, request: HttpRequest) -> QuerySet[Speaker]:
        return Speaker.objects.with_names()

    @admin.display(description="kind")
    def kind_shown(self, speaker: Speaker) -> SafeString:
        return badge(speaker.kind)

    @admin.display(description="also called")
    def aliases_shown(self, speaker: Speaker) -> str:
        return ", ".join(speaker.aliases) or NOTHING

    @admin.display(description="statements")
    def statements_shown(self, speaker: Speaker) -> SafeString:
        return list_link(Statement, "all statements of this speaker", speaker=speaker.pk)

    def tables(self, request: HttpRequest, row: Speaker) -> Sequence[Table]:
        # Claims live above this app: they are asked for through the reverse relation.
        newest = row.claims.defer("search").order_by("-pk")[:NEWEST]
        claims = [
            [link(claim, shorten(claim.text, 160)), badge(claim.kind), badge(claim.status), claim.first_said_on]
            for claim in newest
        ]
        said = [
            [link(one, shorten(one.text, 160)), one.said_on, chain_in_words(one.chain)]
            for one in Statement.objects.filter(speaker=row).order_by("-pk")[:NEWEST]
        ]
        return [
            Table("Newest claims", ("claim", "kind", "status", "first said"), claims),
            Table("Newest statements", ("what was said", "on", "known through"), said),
        ]


@admin.register(Statement)
class StatementAdmin(BigTableAdmin):
    list_display = ("text_shown", "speaker", "kind_shown", "speech", "said_on", "article_shown", "state_shown")
    list_filter = ("kind", "speech", "polarity", "state", "hedged")
    list_select_related = ("speaker", "article__publisher")
    search_fields = ("text", "speaker__name")
    ordering = ("-id",)
    sortable_by = ()
    fields = (
        "passage_shown",
        "proposition",
        "said_by",
        "addressee",
        "through",
        "manner",
        "days",
        "article",
        "weight",
        "state_shown",
    )

    @admin.display(description="statement")
    def text_shown(self, statement: Statement) -> SafeString:
        return stacked(quoted(statement.text), f"known through {chain_in_words(statement.chain)}")

    @admin.display(description="what was said")
    def passage_shown(self, statement: Statement) -> SafeString:
        return passage(statement)

    @admin.display(description="said by")
    def said_by(self, statement: Statement) -> SafeString:
        as_named = f"here: {statement.speaker_name}" if statement.speaker_name != statement.speaker.name else ""
        return stacked(link(statement.speaker), statement.role, as_named)

    @admin.display(description="manner")
    def manner(self, statement: Statement) -> str:
        parts = (f"{statement.speech} speech", statement.kind, statement.polarity, "hedged" if statement.hedged else "")
        return " · ".join(part for part in parts if part)

    @admin.display(description="said · due")
    def days(self, statement: Statement) -> str:
        return f"{statement.said_on or 'day unknown'} · {statement.due_on or 'no day'}"

    @admin.display(description="weight")
    def weight(self, statement: Statement) -> str:
        worth = f"check-worthiness {statement.check_worthiness:.2f} · confidence {statement.confidence:.2f}"
        return f"{worth} · read by {statement.reader}"

    @admin.display(description="known through")
    def through(self, statement: Statement) -> str:
        return chain_in_words(statement.chain)

    @admin.display(description="kind")
    def kind_shown(self, statement: Statement) -> SafeString:
        return badge(statement.kind)

    @admin.display(description="state")
    def state_shown(self, statement: Statement) -> SafeString:
        return badge(statement.state, "" if statement.state == Statement.State.CURRENT else "warning")

    @admin.display(description="article")
    def article_shown(self, statement: Statement) -> SafeString:
        article = statement.article
        return stacked(link(article, shorten(str(article), 80)), str(article.publisher or ""))

    def tables(self, request: HttpRequest, row: Statement) -> Sequence[Table]:
        links = row.links.select_related("claim").defer("claim__search").order_by("pk")
        around = [("inside of", row.outer)] if row.outer else []
        around += [("around", inner) for inner in row.nested.select_related("speaker").order_by("pk")]
        spans = row.spans.select_related("version").defer("version__text", "version__sketch").order_by("pk")
        return [
            Table(
                "Claims it bears on",
                ("link", "claim", "stance", "state"),
                [
                    [
                        link(one, f"link {one.pk}"),
                        link(one.claim, shorten(one.claim.text, 160)),
                        badge(one.stance, STANCE_VARIANTS.get(one.stance, "")),
                        badge(one.state),
                    ]
                    for one in links
                ],
            ),
            Table(
                "Reports and reported",
                ("it stands", "speaker", "statement"),
                [[where, one.speaker, link(one, shorten(one.text, 160))] for where, one in around],
            ),
            Table(
                "Where it stands",
                ("version", "reader", "content", "cue", "source"),
                [
                    [link(span.version, f"version {span.version.number}"), span.reader, span.content, span.cue,
                     span.source]
                    for span in spans
                ],
                outside(row.article.url) if row.article.url else "",
            ),
        ]  # fmt: skip


@admin.register(StatementSpan)
class StatementSpanAdmin(BigTableAdmin):
    """The places of statements, in code points of a version's text."""

    list_display = ("id", "statement_shown", "version_shown", "reader", "content")
    ordering = ("-id",)
    sortable_by = ()
    fields = ("statement_shown", "version_shown", "reader", "content", "cue", "source")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StatementSpan]:
        return (
            super()
            .get_queryset(request)
            .select_related("statement__speaker", "version__article")
            .defer("version__text", "version__sketch")
        )

    @admin.display(description="statement")
    def statement_shown(self, span: StatementSpan) -> SafeString:
        return link(span.statement, shorten(str(span.statement), 120))

    @admin.display(description="version")
    def version_shown(self, span: StatementSpan) -> SafeString:
        return link(span.version, shorten(str(span.version), 120))
