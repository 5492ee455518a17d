from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet, NumberFilter

from apps.statements.models import KINDS, Speaker, Statement
from claimtrack.extraction.spelling import name_key


class ArticleStatementFilter(FilterSet):
    speaker = NumberFilter("speaker_id", min_value=1)
    kind = ChoiceFilter(choices=KINDS)
    said_after = DateFilter("said_on", "gte")
    said_before = DateFilter("said_on", "lte")
    q = CharFilter("text", "icontains", max_length=200)

    class Meta:
        model = Statement
        fields = ["speaker", "kind", "said_after", "said_before", "q"]


class StatementFilter(ArticleStatementFilter):
    article = NumberFilter("article_id", min_value=1)
    claim = NumberFilter("links__claim_id", min_value=1)

    class Meta:
        model = Statement
        fields = [*ArticleStatementFilter.Meta.fields, "article", "claim"]


class SpeakerFilter(FilterSet):
    name = CharFilter(method="filter_name", label="a full name, in any spelling")

    class Meta:
        model = Speaker
        fields = ["name"]

    def filter_name(self, queryset, name, value):  # type: ignore[no-untyped-def]
        return queryset.filter(keys__contains=[name_key(value)])
