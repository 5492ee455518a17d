"""Which of the claims we know might be the one that a statement is about: by their words and by their meaning."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from math import log
from typing import Any

import orjson
from django.db import connection, transaction

from apps.claims.models import SEARCH_CONFIG
from claimtrack.matching.embedding import Vectors, embed
from claimtrack.matching.normalize import search_terms

MOST = 50
MOST_OWN = 30
FROM_EACH_SEARCH = 50
SAID_AFTER = timedelta(days=365)
MOST_ROWS, MOST_LOOKED_AT = 2_000, 1_000
FEWEST, MOST_COUNTED = 1_000, 300
WORDS_WEIGHT, LENGTH_BASE = 0.5, 25.0

# The index goes on until it has found enough that the conditions let through, or has looked at so many.
_SETTINGS = f"""
SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', '100', true),
    set_config('hnsw.max_scan_tuples', '{MOST_LOOKED_AT}', true)
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
_IS_OWN = (
    "EXISTS (SELECT FROM claims_claim_speakers AS says"
    " WHERE says.claim_id = claim.id AND says.speaker_id = ANY(%(speakers)s))"
)
_IS_OF_OTHERS = f"claim.first_said_on <= %(known_by)s AND NOT {_IS_OWN}"
_BY_WORDS = f"""
WITH found AS MATERIALIZED (
    SELECT claim.id, claim.first_said_on, sum(word.rarity) / (%(base)s + length(claim.search)) AS score
    FROM unnest(%(queries)s::tsquery[], %(rarities)s::float8[]) AS word(query, rarity)
    JOIN claims_claim AS claim ON claim.search @@ word.query
    GROUP BY claim.id
), claim AS MATERIALIZED (
    SELECT claim.*, {_IS_OWN} AS is_own FROM found AS claim
)
(SELECT id FROM claim WHERE is_own ORDER BY score DESC, id LIMIT %(limit)s)
UNION ALL
(SELECT id FROM claim WHERE NOT is_own AND first_said_on <= %(known_by)s ORDER BY score DESC, id LIMIT %(limit)s)
"""
_BY_MEANING = """
SELECT claim.id FROM claims_claim AS claim
WHERE claim.embedding IS NOT NULL AND {scope}
ORDER BY claim.embedding <=> %(vector)s::halfvec LIMIT %(limit)s
"""
_OWN_BY_MEANING, _OTHERS_BY_MEANING = _BY_MEANING.format(scope=_IS_OWN), _BY_MEANING.format(scope=_IS_OF_OTHERS)
_SCORED = f"""
SELECT claim.id,
    coalesce(1 - (claim.embedding <=> %(vector)s::halfvec), 0) + %(weight)s * coalesce(
        (SELECT sum(CASE WHEN claim.search @@ word.query THEN word.rarity ELSE 0 END)
         FROM unnest(%(queries)s::tsquery[], %(rarities)s::float8[]) AS word(query, rarity)), 0)
        / (%(base)s + length(claim.search)),
    {_IS_OWN}
FROM claims_claim AS claim WHERE claim.id = ANY(%(ids)s)
"""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the index, quoted as a query, with the share of all claims that have it and how many these are."""

    query: str
    share: float
    claims: float

    @property
    def rarity(self) -> float:
        return -log(self.share)


@transaction.atomic(savepoint=False)
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
    vector = embed([text])[0] if vector is None else vector
    words = _known_words(text, without)
    given = {**_given(vector, speaker_ids, said_on), "base": LENGTH_BASE, "weight": WORDS_WEIGHT}
    own, others = nearest_claims(vector, speaker_ids=speaker_ids, said_on=said_on)
    with connection.cursor() as cursor:
        cursor.execute(_BY_WORDS, given | _in_columns(_rarest(words)))
        found = {*own, *others, *(claim_id for (claim_id,) in cursor.fetchall())}
        cursor.execute(_SCORED, given | _in_columns(words) | {"ids": list(found)})
        scored = sorted(cursor.fetchall(), key=lambda row: (-row[1], row[0]))
    own = [claim_id for claim_id, _, is_own in scored if is_own][:MOST_OWN]
    others = [claim_id for claim_id, _, is_own in scored if not is_own][: MOST - len(own)]
    kept = {*own, *others}
    return [claim_id for claim_id, _, _ in scored if claim_id in kept]


@transaction.atomic(savepoint=False)
def nearest_claims(
    vector: Vectors, *, speaker_ids: Sequence[int] = (), said_on: date | None = None
) -> tuple[list[int], list[int]]:
    """Return the ids of the claims nearest to a vector: of these speakers, and of others as in `similar_claims`.

    Where others than were asked for lie nearer by the hundred, there may be fewer than `FROM_EACH_SEARCH`.
    """
    given = _given(vector, speaker_ids, said_on)
    with connection.cursor() as cursor:
        cursor.execute(_SETTINGS)
        cursor.execute(_OWN_BY_MEANING, given)
        own = [claim_id for (claim_id,) in cursor.fetchall()]
        cursor.execute(_OTHERS_BY_MEANING, given)
        return own, [claim_id for (claim_id,) in cursor.fetchall()]


def _given(vector: Vectors, speaker_ids: Sequence[int], said_on: date | None) -> dict[str, Any]:
    return {
        "vector": orjson.dumps(vector, option=orjson.OPT_SERIALIZE_NUMPY).decode(),
        "speakers": list(speaker_ids),
        "known_by": (said_on or date.max - SAID_AFTER) + SAID_AFTER,
        "limit": FROM_EACH_SEARCH,
    }


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
    """The rarest words, as long as not too many claims together have them: of so many they would find the shortest."""
    rows = accumulate(word.claims for word in words)
    return [word for word, all_rows in zip(words, rows, strict=True) if all_rows <= MOST_ROWS]


def _in_columns(words: Sequence[_Word]) -> dict[str, Any]:
    return {"queries": [word.query for word in words], "rarities": [word.rarity for word in words]}
