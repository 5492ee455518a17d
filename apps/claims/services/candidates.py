"""Which of the claims we know might be the one that a statement is about."""

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F

from apps.claims.models import SEARCH_CONFIG, Claim
from apps.statements.models import Speaker, Statement
from claimtrack.matching.normalize import search_terms

MOST_OWN = 30
MOST_OF_OTHERS = 20
COVERS_LENGTH = 1  # PostgreSQL's normalisation of a rank by the length of the text


def candidates_for(statement: Statement) -> list[Claim]:
    """Claims in any status that share rare words with a statement: those of its speaker first, at most 50.

    The speaker's own name is no search term: everything that somebody says would be alike.
    """
    terms = search_terms(statement.proposition, without=statement.speaker.names)
    if not terms:
        return []
    query = SearchQuery(terms[0], config=SEARCH_CONFIG)
    for term in terms[1:]:
        query |= SearchQuery(term, config=SEARCH_CONFIG)
    alike = (
        Claim.objects.filter(search=query)
        .annotate(rank=SearchRank(F("search"), query, normalization=COVERS_LENGTH))
        .order_by("-rank", "pk")
        .prefetch_related("speakers")
    )
    theirs = Claim.objects.filter(speakers__in=Speaker.objects.all().family_of(statement.speaker_id))
    own = list(alike.filter(pk__in=theirs.values("pk"))[:MOST_OWN])
    others = list(alike.exclude(pk__in=[claim.pk for claim in own])[:MOST_OF_OTHERS])
    return own + others
