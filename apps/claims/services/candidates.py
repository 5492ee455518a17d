"""Which of the claims we know might be the one that a statement is about: by their words and by their meaning."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from math import log
from typing import Any

from django.db import connection, transaction
from pgvector import HalfVector

from apps.claims.models import SEARCH_CONFIG, Claim
from apps.statements.models import Speaker, Statement
from claimtrack.matching.embedding import Vectors, embed
from claimtrack.matching.normalize import search_terms

MOST = 50
MOST_OWN = 30
FROM_EACH_SEARCH = 50
SAID_AFTER = timedelta(days=365)
MOST_ROWS = 2_000
FEWEST, MOST_COUNTED = 1_000, 300
WORDS_WEIGHT, LENGTH_BASE = 0.5, 25.0

# The index goes on until it has found enough that the conditions let through.
_SETTINGS = """
SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', '100', true)
"""
_WORDS = """
WITH size AS (
    SELECT greatest(reltuples, %(fewest)s) AS claims FROM pg_class WHERE oid = 'claims_claim'::regclass
), known AS (
    SELECT most_common_elems::text::text[] AS words, most_common_elem_freqs AS shares FROM pg_stats
    WHERE schemaname = current_schema() AND tablename = 'claims_claim' AND attname = 'search'
), common AS (
    SELECT unnest(words) AS word, unnest(shares[1:cardinality(words)]) AS share FROM known
), asked AS (
    SELECT word, ltrim(quote_literal(word), ' E')::tsquery AS query
    FROM unnest(tsvector_to_array(to_tsvector(%(config)s, %(terms)s))) AS word
)
SELECT query::text, coalesce(share * claims, counted), claims
FROM asked CROSS JOIN size LEFT JOIN common USING (word) CROSS JOIN LATERAL (
    SELECT count(*) AS counted FROM (
        SELECT FROM claims_claim AS claim WHERE share IS NULL AND claim.search @@ query LIMIT %(most)s
    ) AS those
) AS counted
WHERE share > 0 OR counted > 0
"""
_BY_WORDS = """
SELECT claim.id FROM unnest(%(queries)s::tsquery[], %(rarities)s::float8[]) AS word(query, rarity)
JOIN claims_claim AS claim ON claim.search @@ word.query
WHERE {scope}
GROUP BY claim.id ORDER BY sum(word.rarity) / (%(base)s + length(claim.search)) DESC, claim.id LIMIT %(limit)s
"""
_BY_MEANING = """
SELECT claim.id FROM claims_claim AS claim
WHERE claim.embedding IS NOT NULL AND {scope}
ORDER BY claim.embedding <=> %(vector)s::halfvec LIMIT %(limit)s
"""
_SCORED = """
SELECT claim.id,
    coalesce(1 - (claim.embedding <=> %(vector)s::halfvec), 0) + %(weight)s * coalesce(
        (SELECT sum(word.rarity) FROM unnest(%(queries)s::tsquery[], %(rarities)s::float8[]) AS word(query, rarity)
         WHERE claim.search @@ word.query), 0) / (%(base)s + length(claim.search)),
    EXISTS (SELECT FROM claims_claim_speakers AS says
            WHERE says.claim_id = claim.id AND says.speaker_id = ANY(%(speakers)s))
FROM claims_claim AS claim WHERE claim.id = ANY(%(ids)s)
"""
_OWN = "claim.id IN (SELECT claim_id FROM claims_claim_speakers WHERE speaker_id = ANY(%(speakers)s))"
_OTHERS = (
    "claim.first_said_on <= %(known_by)s AND NOT EXISTS (SELECT FROM claims_claim_speakers AS says"
    " WHERE says.claim_id = claim.id AND says.speaker_id = ANY(%(speakers)s))"
)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the index, quoted as a query, with the share of all claims that have it and how many these are."""

    query: str
    share: float
    claims: float

    @property
    def rarity(self) -> float:
        return -log(self.share)


def candidates_for(statement: Statement, *, vector: Vectors | None = None) -> list[Claim]:
    """Claims in any status that a statement may bear on, the likeliest first, at most `MOST`.

    The speaker's own name is no search term: everything that somebody says would be alike. `vector` is that of the
    statement's proposition, where it is known.
    """
    found = similar_claims(
        statement.proposition,
        speaker_ids=list(Speaker.objects.all().family_of(statement.speaker_id).values_list("pk", flat=True)),
        said_on=statement.said_on,
        without=statement.speaker.names,
        vector=vector,
    )
    claims = Claim.objects.defer("search").prefetch_related("speakers").in_bulk(found)
    return [claims[claim_id] for claim_id in found]


@transaction.atomic
def similar_claims(
    text: str,
    *,
    speaker_ids: Sequence[int] = (),
    said_on: date | None = None,
    without: Iterable[str] = (),
    vector: Vectors | None = None,
) -> list[int]:
    """Return the ids of the claims most like a text, best first: of these speakers at most `MOST_OWN`, `MOST` in all.

    Two searches, by rare words and by meaning, are each made among the claims of these speakers and among those of
    others, first said up to a year after `said_on`. What they find is ordered by the cosine of the meanings plus the
    rarity of the shared words over the claim's length. `without` are names that are not searched for, `vector` is that
    of the text, which is embedded where it is not given.
    """
    words = _known_words(text, without)
    given: dict[str, Any] = {
        "vector": HalfVector(embed([text])[0] if vector is None else vector).to_text(),
        "speakers": list(speaker_ids),
        "known_by": (said_on or date.max - SAID_AFTER) + SAID_AFTER,
        "base": LENGTH_BASE,
        "weight": WORDS_WEIGHT,
        "limit": FROM_EACH_SEARCH,
    }
    rare = _in_columns(_rarest(words))
    found: set[int] = set()
    with connection.cursor() as cursor:
        cursor.execute(_SETTINGS)
        for scope in [_OWN, _OTHERS]:
            for search in (_BY_WORDS, _BY_MEANING):
                cursor.execute(search.format(scope=scope), given | rare)
                found.update(claim_id for (claim_id,) in cursor.fetchall())
        cursor.execute(_SCORED, given | _in_columns(words) | {"ids": list(found)})
        scored = sorted(cursor.fetchall(), key=lambda row: (-row[1], row[0]))
    own = [claim_id for claim_id, _, is_own in scored if is_own][:MOST_OWN]
    others = [claim_id for claim_id, _, is_own in scored if not is_own][: MOST - len(own)]
    kept = {*own, *others}
    return [claim_id for claim_id, _, _ in scored if claim_id in kept]


def _known_words(text: str, without: Iterable[str]) -> list[_Word]:
    """The words of a text that claims have, the rarest first.

    How common a word is, PostgreSQL's statistics say; the rare words, which they leave out, are counted.
    """
    terms = " ".join(search_terms(text, without=without))
    given: dict[str, Any] = {"config": SEARCH_CONFIG, "terms": terms, "fewest": FEWEST, "most": MOST_COUNTED}
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, given)
        rows = cursor.fetchall()
    words = [_Word(query, min(count / claims, 1.0), count) for query, count, claims in rows]
    return sorted(words, key=lambda word: word.share)


def _rarest(words: Sequence[_Word]) -> Sequence[_Word]:
    """The rarest words, one at least, that not too many claims together have."""
    rows = accumulate(word.claims for word in words)
    return [
        word
        for place, (word, all_rows) in enumerate(zip(words, rows, strict=True))
        if not place or all_rows <= MOST_ROWS
    ]


def _in_columns(words: Sequence[_Word]) -> dict[str, Any]:
    return {"queries": [word.query for word in words], "rarities": [word.rarity for word in words]}
