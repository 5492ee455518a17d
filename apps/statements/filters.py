from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet, NumberFilter

from apps.statements.models import KINDS, Speaker, Statement
from claimtrack.extraction.spelling import name_key


class ArticleStatementFilter(FilterSet):
    speaker = NumberFilter(method="filter_speaker", min_value=1, label="also under another name, after a merge")
    kind = ChoiceFilter(choices=KINDS)
    said_after = DateFilter("said_on", "gte")
    said_before = DateFilter("said_on", "lte")
    q = CharFilter("text", "icontains", max_length=200)

    class Meta:
        model = Statement
        fields = ["kind", "said_after", "said_before", "q"]

    def filter_speaker(self, queryset: QuerySet[Statement], name: str, value: int) -> QuerySet[Statement]:
        return queryset.filter(speaker__in=list(Speaker.objects.all().family_of(int(value))))


class StatementFilter(ArticleStatementFilter):
    article = NumberFilter("article_id", min_value=1)
    claim = NumberFilter(method="filter_claim", min_value=1, label="that bear on it, or on what is merged into it")

    class Meta:
        model = Statement
        fields = [*ArticleStatementFilter.Meta.fields, "article"]

    def filter_claim(self, queryset: QuerySet[Statement], name: str, value: int) -> QuerySet[Statement]:
        # Links live above this app: they are asked for through the reverse relation.
        bearing = Statement.objects.filter(Q(links__claim_id=int(value)) | Q(links__claim__root_id=int(value)))
        return queryset.filter(pk__in=bearing.values("pk"))


class SpeakerFilter(FilterSet):
    name = CharFilter(method="filter_name", label="a full name, in any spelling")

    class Meta:
        model = Speaker
        fields = ["name"]

    def filter_name(self, queryset: QuerySet[Speaker], name: str, value: str) -> QuerySet[Speaker]:
        bearing = Speaker.objects.filter(keys__contains=[name_key(value)])
        return queryset.filter(pk__in=bearing.values(who=Coalesce("root_id", "pk")))
