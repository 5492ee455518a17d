from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, DateFilter, FilterSet, NumberFilter

from apps.claims.models import SEARCH_CONFIG, STANCES, Claim, Link, Stage
from apps.claims.statuses import ClaimStatus, StatusOutcome
from apps.statements.models import KINDS


class ClaimFilter(FilterSet):
    q = CharFilter(method="filter_q", max_length=500, label="words as in a search engine: quotes, or, a minus")
    kind = ChoiceFilter(choices=KINDS)
    stage = ChoiceFilter(choices=Stage.choices)
    status = ChoiceFilter(choices=ClaimStatus.choices)
    outcome = ChoiceFilter(choices=StatusOutcome.choices, method="filter_outcome")
    speaker = NumberFilter("speakers", min_value=1)
    said_after = DateFilter("first_said_on", "gte")
    said_before = DateFilter("first_said_on", "lte")
    due_after = DateFilter("due_on", "gte")
    due_before = DateFilter("due_on", "lte")
    needs_review = BooleanFilter(method="filter_needs_review", label="has suggested links")

    class Meta:
        model = Claim
        fields = ["q", "kind", "stage", "status", "outcome", "speaker"]

    def filter_q(self, queryset: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        return queryset.filter(search=SearchQuery(value, config=SEARCH_CONFIG, search_type="websearch"))

    def filter_outcome(self, queryset: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        return queryset & Claim.objects.with_outcome(value)

    def filter_needs_review(self, queryset: QuerySet[Claim], name: str, value: bool) -> QuerySet[Claim]:
        waiting = Link.objects.awaiting_review().values("claim")
        return queryset.filter(pk__in=waiting) if value else queryset.exclude(pk__in=waiting)


class LinkFilter(FilterSet):
    state = ChoiceFilter(choices=Link.State.choices)
    stance = ChoiceFilter(choices=STANCES)
    claim = NumberFilter("claim_id", min_value=1)
    statement = NumberFilter("statement_id", min_value=1)
    article = NumberFilter("statement__article_id", min_value=1)

    class Meta:
        model = Link
        fields = ["state", "stance", "claim", "statement", "article"]
