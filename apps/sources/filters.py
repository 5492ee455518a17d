from django_filters import CharFilter, ChoiceFilter, FilterSet, NumberFilter

from apps.sources.models import Article, Publisher
from claimtrack.extraction.spelling import name_key


class ArticleFilter(FilterSet):
    state = ChoiceFilter(choices=Article.State.choices)
    publisher = NumberFilter("publisher_id", min_value=1)
    url = CharFilter()

    class Meta:
        model = Article
        fields = ["state", "publisher", "url"]


class PublisherFilter(FilterSet):
    name = CharFilter(method="filter_name")

    class Meta:
        model = Publisher
        fields = ["name"]

    def filter_name(self, queryset, name, value):  # type: ignore[no-untyped-def]
        return queryset.filter(keys__contains=[name_key(value)])
