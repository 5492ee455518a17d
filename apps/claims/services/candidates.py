"""Which of the claims we know might be the one that a statement is about: by their words and by their meaning."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from math import log
from time import monotonic
from typing import Any

import orjson
from django.db import connection, transaction

from apps.claims.models import SEARCH_CONFIG
from claimtrack.matching.embedding import Vectors, embed
from claimtrack.matching.normalize import search_terms

MOST = 32
MOST_OWN = 20
FROM_EACH_SEARCH = 40
SAID_AFTER = timedelta(days=365)
MOST_ROWS, MOST_LOOKED_AT, MANY_OWN = 1_000, 1_000, 2_000
FEWEST, MOST_COUNTED = 1_000, 300
MANY, GOOD_FOR = 10_000, 300.0  # claims; seconds
WORDS_WEIGHT, LENGTH_BASE = 0.5, 25.0

# The index goes on until it has found enough that the conditions let through, or has looked at so many.
_SETTINGS = f"""
SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', '400', true),
    set_config('hnsw.max_scan_tuples', '{MOST_LOOKED_AT}', true)
"""
_STATISTICS = """
SELECT greatest(reltuples, %(fewest)s), words, shares[1:cardinality(words)] FROM pg_class LEFT JOIN (
    SELECT most_common_elems::text::text[] AS words, most_common_elem_freqs AS shares FROM pg_stats
    WHERE schemaname = current_schema() AND tablename = 'claims_claim' AND attname = 'search'
) AS known ON true
WHERE oid = 'claims_claim'::regclass
"""
_WORDS = """
SELECT word, ltrim(quote_literal(word), ' E') FROM unnest(tsvector_to_array(to_tsvector(%(config)s, %(terms)s))) AS word
"""
_COUNTED = """
SELECT query, (
    SELECT count(*) FROM (
        SELECT FROM claims_claim AS claim WHERE claim.search @@ query::tsquery LIMIT %(most)s
    ) AS those
) FROM unnest(%(queries)s::text[]) AS query
"""
_SAYS = (
    "SELECT FROM claims_claim_speakers AS says WHERE says.claim_id = claim.id AND says.speaker_id = ANY(%(speakers)s)"
)
_IS_OWN = f"EXISTS ({_SAYS})"
_IS_OWN_EACH = f"EXISTS ({_SAYS} OFFSET 0)"  # looked up claim by claim: some speakers have very many
_IS_OF_OTHERS = f"claim.first_said_on <= %(known_by)s AND NOT {_IS_OWN}"
_BY_WORDS = f"""
WITH found AS MATERIALIZED (
    SELECT claim.id, claim.first_said_on, sum(word.rarity) / (%(base)s + length(claim.search)) AS score
    FROM unnest(%(queries)s::tsquery[], %(rarities)s::float8[]) AS word(query, rarity)
    JOIN claims_claim AS claim ON claim.search @@ word.query
    GROUP BY claim.id
), claim AS MATERIALIZED (
    SELECT claim.*, {_IS_OWN_EACH} AS is_own FROM found AS claim
)
(SELECT id, true FROM claim WHERE is_own ORDER BY score DESC, id LIMIT %(limit)s)
UNION ALL
(SELECT id, false FROM claim WHERE NOT is_own AND first_said_on <= %(known_by)s
    ORDER BY score DESC, id LIMIT %(limit)s)
"""
_BY_MEANING = """
SELECT claim.id FROM claims_claim AS claim
WHERE claim.embedding IS NOT NULL AND {scope}
ORDER BY claim.embedding <=> %(vector)s::halfvec LIMIT %(limit)s
"""
_OWN_BY_MEANING, _OTHERS_BY_MEANING = _BY_MEANING.format(scope=_IS_OWN), _BY_MEANING.format(scope=_IS_OF_OTHERS)
_COUNT_OWN = """
SELECT count(*) FROM (
    SELECT FROM claims_claim_speakers AS says WHERE says.speaker_id = ANY(%(speakers)s) LIMIT %(many)s
) AS own
"""
_ALL_BY_MEANING = f"""
WITH near AS MATERIALIZED (
    SELECT claim.id, claim.first_said_on FROM claims_claim AS claim WHERE claim.embedding IS NOT NULL
    ORDER BY claim.embedding <=> %(vector)s::halfvec LIMIT %(looked_at)s
), claim AS MATERIALIZED (
    SELECT claim.*, row_number() OVER () AS place, {_IS_OWN_EACH} AS is_own FROM near AS claim
)
(SELECT id, true FROM claim WHERE is_own ORDER BY place LIMIT %(limit)s)
UNION ALL
(SELECT id, false FROM claim WHERE NOT is_own AND first_said_on <= %(known_by)s ORDER BY place LIMIT %(limit)s)
"""
_SCORED = """
SELECT claim.id,
    coalesce(1 - (claim.embedding <=> %(vector)s::halfvec), 0) + %(weight)s * coalesce(
        (SELECT sum(CASE WHEN claim.search @@ word.query THEN word.rarity ELSE 0 END)
         FROM unnest(%(queries)s::tsquery[], %(rarities)s::float8[]) AS word(query, rarity)), 0)
        / (%(base)s + length(claim.search))
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
        is_own = dict.fromkeys(own, True) | dict.fromkeys(others, False) | dict(cursor.fetchall())
        cursor.execute(_SCORED, given | _in_columns(words) | {"ids": list(is_own)})
        scored = sorted(cursor.fetchall(), key=lambda row: (-row[1], row[0]))
    ordered = [claim_id for claim_id, _ in scored]
    own = [claim_id for claim_id in ordered if is_own[claim_id]][:MOST_OWN]
    others = [claim_id for claim_id in ordered if not is_own[claim_id]][: MOST - len(own)]
    kept = {*own, *others}
    return [claim_id for claim_id in ordered if claim_id in kept]


@transaction.atomic(savepoint=False)
def nearest_claims(
    vector: Vectors, *, speaker_ids: Sequence[int] = (), said_on: date | None = None
) -> tuple[list[int], list[int]]:
    """Return the ids of the claims nearest to a vector: of these speakers, and of others as in `similar_claims`.

    Where others than were asked for lie nearer by the hundred, there may be fewer than `FROM_EACH_SEARCH`. The claims
    of speakers who have very many are looked for in one walk through the index with those of others.
    """
    given = _given(vector, speaker_ids, said_on) | {"many": MANY_OWN, "looked_at": MOST_LOOKED_AT}
    with connection.cursor() as cursor:
        cursor.execute(_SETTINGS)
        cursor.execute(_COUNT_OWN, given)
        (claims,) = cursor.fetchone()
        if claims >= MANY_OWN:
            cursor.execute(_ALL_BY_MEANING, given)
            found = cursor.fetchall()
            return [claim_id for claim_id, is_own in found if is_own], [
                claim_id for claim_id, is_own in found if not is_own
            ]
        cursor.execute(_OWN_BY_MEANING, given)
        own = [claim_id for (claim_id,) in cursor.fetchall()]
        cursor.execute(_OTHERS_BY_MEANING, given)
        return own, [claim_id for (claim_id,) in cursor.fetchall()]


def _given(vector: Vectors, speaker_ids: Sequence[int], said_on: date | None) -> dict[str, Any]:
    return {
        "vector": orjson.dumps(vector, option=orjson.OPT_SERIALIZE_NUMPY).decode(),
        "speakers": list(speaker_ids),
        "known_by": min(said_on or date.max, date.max - SAID_AFTER) + SAID_AFTER,
        "limit": FROM_EACH_SEARCH,
    }


def _known_words(text: str, without: Iterable[str]) -> list[_Word]:
    """The words of a text that claims have, the rarest first.

    How common a word is, PostgreSQL's statistics say; the rare words, which they leave out, are counted.
    """
    statistics = _statistics()
    terms = " ".join(search_terms(text, without=without))
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, {"config": SEARCH_CONFIG, "terms": terms})
        queries = dict(cursor.fetchall())
        shares = {query: statistics.shares[word] for word, query in queries.items() if word in statistics.shares}
        rare = [query for query in queries.values() if query not in shares]
        cursor.execute(_COUNTED, {"queries": rare, "most": MOST_COUNTED})
        shares |= {query: counted / statistics.claims for query, counted in cursor.fetchall()}
    words = [_Word(query, min(share, 1.0), share * statistics.claims) for query, share in shares.items() if share]
    return sorted(words, key=lambda word: word.share)


@dataclass(frozen=True, slots=True)
class _Statistics:
    """How many claims there are, and which share of them has each of the common words."""

    claims: float
    shares: Mapping[str, float]
    read_at: float

    @property
    def is_good(self) -> bool:
        """Those of many claims change slowly."""
        return self.claims >= MANY and monotonic() - self.read_at < GOOD_FOR


_kept: list[_Statistics] = []


def _statistics() -> _Statistics:
    """What PostgreSQL knows of the words of claims; among many, as this process read it some minutes ago."""
    if not (_kept and _kept[0].is_good):
        with connection.cursor() as cursor:
            cursor.execute(_STATISTICS, {"fewest": FEWEST})
            claims, words, shares = cursor.fetchone()
        _kept[:] = [_Statistics(claims, dict(zip(words or (), shares or (), strict=True)), monotonic())]
    return _kept[0]


def _rarest(words: Sequence[_Word]) -> Sequence[_Word]:
    """The rarest words, as long as not too many claims together have them: of so many they would find the shortest."""
    rows = accumulate(word.claims for word in words)
    return [word for word, all_rows in zip(words, rows, strict=True) if all_rows <= MOST_ROWS]


def _in_columns(words: Sequence[_Word]) -> dict[str, Any]:
    return {"queries": [word.query for word in words], "rarities": [word.rarity for word in words]}
