"""The forms in which people judge and reword claims."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.forms import formset_factory
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminURLInputWidget,
)

from apps.claims.models import Claim, Link, StatusChange, Topic
from apps.claims.services.judging import EvidenceItem, Judgement
from apps.claims.services.looking_up import LONGEST_ASKED
from apps.claims.services.topics import topics_of
from apps.claims.statuses import CODES_OF, ClaimStatus, ReasonCode
from apps.claims.then import in_family
from apps.claims.timeline import changes_of
from apps.statements.models import KINDS
from claimtrack.admin.showing import chain_in_words, quoted, words
from claimtrack.extraction.attribution import Kind

LONGEST_TEXT = 5_000
MOST_STATEMENTS = 50
_CHOOSE = ("", "choose …")
_VOID = ("void", "none: the corrected change was wrong, make it void")


class JudgeForm(forms.Form):
    """A status from a day on, why, and which of the statements that bear on the claim show it."""

    to = forms.ChoiceField(label="Status", widget=UnfoldAdminSelectWidget)
    effective_on = forms.DateField(
        label="From", widget=UnfoldAdminSingleDateWidget, help_text="the day on which it became so in the world (UTC)"
    )
    reason = forms.CharField(
        max_length=LONGEST_TEXT,
        widget=UnfoldAdminTextareaWidget({"rows": 4}),
        help_text="a sentence that others can follow",
    )
    code = forms.ChoiceField(
        required=False, widget=UnfoldAdminSelectWidget, help_text="why it failed, or is only partly so, to be counted"
    )
    searched = forms.CharField(
        required=False,
        max_length=LONGEST_TEXT,
        widget=UnfoldAdminTextareaWidget({"rows": 2}),
        help_text="what was searched, where nothing could be found",
    )
    next_review_on = forms.DateField(
        label="Look again on",
        required=False,
        widget=UnfoldAdminSingleDateWidget,
        help_text="else in a month while it is open",
    )
    corrects = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        widget=UnfoldAdminSelectWidget,
        help_text="the earlier change that this one replaces, where that was a mistake",
    )
    statements = forms.TypedMultipleChoiceField(
        label="Evidence: statements that bear on the claim",
        required=False,
        coerce=int,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    def __init__(self, claim: Claim, data: Any = None) -> None:
        super().__init__(data, initial={"effective_on": datetime.now(UTC).date()})
        changes = changes_of(claim)
        statuses = [(status.value, words(status.value)) for status in claim.statuses]
        self._choose_from("to", [_CHOOSE, *statuses, *([_VOID] if changes else [])])
        codes = [(code.value, words(code.value)) for code in CODES_OF[Kind(claim.kind)]]
        self._choose_from("code", [("", "none"), *codes])
        self._choose_from("corrects", [("", "nothing"), *_correctable(changes)])
        self._choose_from("statements", _statements_on(claim))
        for name in ("corrects", "statements"):
            if not [value for value, _ in self.fields[name].choices if value]:  # type: ignore[attr-defined]
                del self.fields[name]

    def _choose_from(self, name: str, choices: Iterable[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def judgement(self, sources: Iterable[EvidenceItem]) -> Judgement:
        given = self.cleaned_data
        statements = [EvidenceItem(statement_id=one) for one in given.get("statements", ())]
        to = None if given["to"] == _VOID[0] else ClaimStatus(given["to"])
        return Judgement(
            to=to,
            effective_on=given["effective_on"],
            reason=given["reason"],
            evidence=[*statements, *sources],
            corrects_seq=given.get("corrects"),
            next_review_on=given["next_review_on"],
            code=ReasonCode(given["code"]) if given["code"] else None,
            searched=given["searched"],
        )


class SourceForm(forms.Form):
    """Evidence from elsewhere: an address with the words found there."""

    url = forms.CharField(label="Address", max_length=2000, required=False, widget=UnfoldAdminURLInputWidget)
    excerpt = forms.CharField(
        label="The words found there, as they stand",
        max_length=LONGEST_TEXT,
        required=False,
        widget=UnfoldAdminTextareaWidget({"rows": 3}),
    )
    dated_on = forms.DateField(label="Of the day", required=False, widget=UnfoldAdminSingleDateWidget)

    def item(self) -> EvidenceItem:
        given = self.cleaned_data
        return EvidenceItem(url=given["url"], excerpt=given["excerpt"], dated_on=given["dated_on"])


SourceFormSet = formset_factory(SourceForm, extra=2, max_num=2)


class ReviseForm(forms.Form):
    """What a claim says; the reason for the change is kept with it."""

    text = forms.CharField(max_length=LONGEST_TEXT, widget=UnfoldAdminTextareaWidget({"rows": 3}))
    kind = forms.ChoiceField(
        choices=[(kind, words(kind)) for kind, _ in KINDS],
        widget=UnfoldAdminSelectWidget,
        help_text="with another kind the status becomes the one that comes to the same",
    )
    first_said_on = forms.DateField(widget=UnfoldAdminSingleDateWidget)
    due_on = forms.DateField(required=False, widget=UnfoldAdminSingleDateWidget)
    resolution_criteria = forms.CharField(
        max_length=LONGEST_TEXT,
        required=False,
        widget=UnfoldAdminTextareaWidget({"rows": 3}),
        help_text="what will have to be seen for each verdict",
    )
    reason = forms.CharField(
        label="Reason for the change", max_length=LONGEST_TEXT, widget=UnfoldAdminTextareaWidget({"rows": 2})
    )


class TopicsForm(forms.Form):
    """The topics of a claim; those that its words suggest are ticked too where it has none yet."""

    topics = forms.MultipleChoiceField(required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget)

    def __init__(self, claim: Claim, data: Any = None) -> None:
        found = topics_of(claim)
        ticked = found.topics or found.suggested
        super().__init__(data, initial={"topics": [topic.slug for topic in ticked]})
        field = self.fields["topics"]
        assert isinstance(field, forms.ChoiceField)
        suggested = {topic.slug for topic in found.suggested}
        field.choices = [
            (topic.slug, f"{topic.name} (suggested)" if topic.slug in suggested else topic.name)
            for topic in Topic.objects.order_by("name")
        ]


class LookUpForm(forms.Form):
    """A text, to ask which claims say it."""

    text = forms.CharField(
        label="What was said",
        max_length=LONGEST_ASKED,
        widget=UnfoldAdminTextareaWidget({"rows": 3}),
        help_text="a sentence or two, or a post",
    )


class MergeForm(forms.Form):
    """Which claim is to stand for this one."""

    into = forms.IntegerField(
        label="Into claim number", min_value=1, max_value=2**63 - 1, widget=UnfoldAdminIntegerFieldWidget
    )
    reason = forms.CharField(required=False, max_length=LONGEST_TEXT, widget=UnfoldAdminTextareaWidget({"rows": 2}))


class SplitForm(forms.Form):
    """What is to be a claim of its own, and what that claim says."""

    statements = forms.TypedMultipleChoiceField(
        label="Statements that belong to the new claim", coerce=int, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    text = forms.CharField(
        label="The new claim says", max_length=LONGEST_TEXT, widget=UnfoldAdminTextareaWidget({"rows": 3})
    )
    reason = forms.CharField(required=False, max_length=LONGEST_TEXT, widget=UnfoldAdminTextareaWidget({"rows": 2}))

    def __init__(self, claim: Claim, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["statements"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _statements_on(claim, with_family=False)


def _correctable(changes: list[StatusChange]) -> list[tuple[int, str]]:
    corrected = {change.corrects_seq for change in changes}
    return [
        (change.seq, f"{change.effective_on}: {words(change.from_status)} → {words(change.to_status) or 'void'}")
        for change in changes
        if change.seq not in corrected
    ]


def _statements_on(claim: Claim, *, with_family: bool = True) -> list[tuple[int, str]]:
    """What bears on a claim, and on what is merged into it, to choose from."""
    bearing = Link.objects.unrefused().filter(in_family("claim_id", claim.pk) if with_family else Q(claim=claim))
    links = (
        bearing.exclude(state=Link.State.REJECTED)
        .select_related("statement")
        .order_by("-statement__said_on", "-pk")[:MOST_STATEMENTS]
    )
    return [
        (
            one.statement_id,
            " ".join(
                (
                    quoted(one.statement.text, 160),
                    f"{chain_in_words(one.statement.chain)}, {one.statement.said_on or 'undated'}",
                    f"({words(one.stance)}, {one.state})",
                )
            ),
        )
        for one in links
    ]
