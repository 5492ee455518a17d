from datetime import UTC, date, datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet
from django_filters import (
    BooleanFilter,
    CharFilter,
    ChoiceFilter,
    DateFilter,
    FilterSet,
    ModelChoiceFilter,
    NumberFilter,
)

from apps.claims.history import AsKnown
from apps.claims.models import SEARCH_CONFIG, STANCES, Claim, Link, Stage, Topic
from apps.claims.silence import Flag
from apps.claims.statuses import OUTCOME_OF, ClaimStatus, StatusOutcome
from apps.claims.then import in_family, of_speakers_then
from apps.statements.models import KINDS, Speaker
from claimtrack.api.requests import moment_of


class ClaimFilter(FilterSet):
    """Filters over claims that came by `claims_then`: what they said and where they stood then."""

    q = CharFilter(method="filter_q", max_length=500, label="words as in a search engine: quotes, or, a minus")
    kind = ChoiceFilter("then_kind", choices=KINDS)
    stage = ChoiceFilter(choices=Stage.choices)
    status = ChoiceFilter("then_status", choices=ClaimStatus.choices)
    outcome = ChoiceFilter(choices=StatusOutcome.choices, method="filter_outcome")
    speaker = NumberFilter(method="filter_speaker", min_value=1, label="also under another name, after a merge")
    topic = ModelChoiceFilter(field_name="topics", to_field_name="slug", queryset=Topic.objects.all())
    said_after = DateFilter(method="filter_said_after", label="first said on this day or later")
    said_before = DateFilter(method="filter_said_before", label="first said on this day or earlier")
    due_after = DateFilter("then_due_on", "gte")
    due_before = DateFilter("then_due_on", "lte")
    flag = ChoiceFilter(choices=Flag.choices, method="filter_flag", label="why it wants looking at")
    needs_review = BooleanFilter(
        method="filter_needs_review", label="a suggested link, a flag, or a day of review that has come"
    )

    class Meta:
        model = Claim
        fields = ["stage"]

    def filter_q(self, queryset: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        query = SearchQuery(value, config=SEARCH_CONFIG, search_type="websearch")
        if "known_at" not in (self.data or {}):
            return queryset.filter(search=query)
        said_then = SearchVector("then_text", config=SEARCH_CONFIG)
        return queryset.annotate(said_then=said_then).filter(said_then=query)

    def filter_said_after(self, queryset: Any, name: str, value: date) -> QuerySet[Claim]:
        found: QuerySet[Claim] = queryset.filter(then_first_said_on__gte=value)
        # A family was first said no later than the claim that stands for it: that column is looked at first.
        return found if "known_at" in (self.data or {}) else found.filter(first_said_on__gte=value)

    def filter_said_before(self, queryset: Any, name: str, value: date) -> QuerySet[Claim]:
        family = Q(then_first_said_on__lte=value)
        now = "known_at" not in (self.data or {})
        found: QuerySet[Claim] = queryset.filter(Q(first_said_on__lte=value) | family if now else family)
        return found

    def filter_outcome(self, queryset: Any, name: str, value: str) -> QuerySet[Claim]:
        statuses = [status for status, comes_to in OUTCOME_OF.items() if comes_to == value]
        found: QuerySet[Claim] = queryset.filter(then_status__in=statuses)
        return found

    def filter_speaker(self, queryset: QuerySet[Claim], name: str, value: int) -> QuerySet[Claim]:
        family = list(Speaker.objects.all().family_of(int(value)).values_list("pk", flat=True))
        then = AsKnown(known_at=moment_of((self.data or {}).get("known_at", "")))
        found: QuerySet[Claim] = of_speakers_then(queryset, family, then)
        return found

    def filter_needs_review(self, queryset: QuerySet[Claim], name: str, value: bool) -> QuerySet[Claim]:
        waiting = Claim.objects.to_look_at(datetime.now(UTC).date()).values("pk")
        return queryset.filter(pk__in=waiting) if value else queryset.exclude(pk__in=waiting)

    def filter_flag(self, queryset: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        return queryset.filter(flags__contains=[value])


class LinkFilter(FilterSet):
    state = ChoiceFilter(choices=Link.State.choices)
    stance = ChoiceFilter(choices=STANCES)
    by_machine = BooleanFilter("decided_by", "isnull", label="no person has decided: what it accepted can be confirmed")
    claim = NumberFilter(method="filter_claim", min_value=1, label="with what is merged into it")
    statement = NumberFilter("statement_id", min_value=1)
    article = NumberFilter("statement__article_id", min_value=1)

    class Meta:
        model = Link
        fields = ["state", "stance", "statement", "article"]

    def filter_claim(self, queryset: QuerySet[Link], name: str, value: int) -> QuerySet[Link]:
        return queryset.filter(in_family("claim_id", int(value)))
