"""How long the search for candidates takes among many claims, and what of the nearest it finds."""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import orjson
from django.db import connection, transaction
from numpy.typing import NDArray

from apps.claims.models import Claim
from apps.claims.services.candidates import FROM_EACH_SEARCH, SAID_AFTER, nearest_claims, similar_claims
from apps.claims.services.matching import _KnownClaims
from bench.load.asking import Question
from bench.load.figures import ALL, Measured, Step
from bench.load.loading import Loaded
from bench.load.tables import Tell, size_of
from claimtrack.matching.decision import MOST_READ, decide
from claimtrack.matching.embedding import Vectors, embed
from claimtrack.matching.stance import StatementFacts

NEAREST = 20
PAIRS = 3
WARM_UP, SLOW_ONES = 30, 8
ROWS_AT_ONCE = 50_000
_EXACT = """
SELECT id FROM claims_claim WHERE embedding IS NOT NULL ORDER BY embedding <=> %(vector)s::halfvec LIMIT %(limit)s
"""
_WITH_TRIGRAMS = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
_TRIGRAMS = "CREATE INDEX bench_trigrams ON claims_claim USING gin (text gin_trgm_ops)"
_BY_TRIGRAMS = """
SELECT id FROM claims_claim WHERE text %% %(text)s ORDER BY similarity(text, %(text)s) DESC LIMIT %(limit)s
"""

type Ids = NDArray[np.int64]


class Times:
    """Milliseconds of each step for each question: on the clock, and of the processor for this process and the
    server's, which does not count waiting for other programs."""

    def __init__(self) -> None:
        self.clock: dict[str, list[float]] = defaultdict(list)
        self.processor: dict[str, list[float]] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self._server = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")

    @contextmanager
    def of(self, *steps: str) -> Iterator[None]:
        began, worked = time.perf_counter(), self._worked()
        yield
        clock, processor = time.perf_counter() - began, self._worked() - worked
        for step in steps:
            self.clock[step].append(clock * 1000)
            self.processor[step].append(processor * 1000)

    def _worked(self) -> float:
        return time.process_time() + int(self._server.read_text().split()[0]) / 1e9


def measure(asked: Sequence[Question], loaded: Loaded, *, tell: Tell) -> Measured:
    """Search and score for each question, with and without the networks; then exactly and by trigrams for a few."""
    times = Times()
    for question in asked[:: len(asked) // WARM_UP]:
        _candidates(question, Times(), most_read=MOST_READ)
    tell(f"searching for {len(asked)} statements")
    found = sum(_is_found(question, times) for question in asked)
    tell("searching with both networks")
    for question in asked:
        _judge(question, times)
    tell("comparing with exact search")
    found_of_nearest = recall(asked, loaded)
    few = asked[:: max(1, len(asked) // SLOW_ONES)]
    _search_exactly(few, times)
    tell("building an index of trigrams")
    _search_by_trigrams(few, times)
    sizes = {name: size_of(name) for name in ("claims_claim", "claim_meaning", "claim_search")}
    return Measured(len(asked), times.clock, times.processor, found / len(asked), found_of_nearest, sizes)


def _is_found(question: Question, times: Times) -> bool:
    with times.of(Step.BOTH, question.asker):
        claims = _candidates(question, times, most_read=0)
    return any(claim.pk == question.claim_id for claim in claims)


def _judge(question: Question, times: Times) -> None:
    """All that the matcher does with a statement: its vector, search, scoring, and the pair network on the best."""
    for step, most_read in ((Step.NETWORKS, PAIRS), (Step.ALL_READ, MOST_READ)):
        with times.of(step):
            embed([question.text])
            _candidates(question, Times(), most_read=most_read)


@transaction.atomic
def _candidates(question: Question, times: Times, *, most_read: int) -> list[Claim]:
    """Search, fetch and score as the matcher does with a statement whose vector it has."""
    with times.of(Step.SEARCH):
        ids = similar_claims(
            question.text,
            speaker_ids=[question.speaker_id],
            said_on=question.said_on,
            without=[question.speaker_name],
            vector=question.meaning,
        )
    with times.of(Step.FETCH):
        known = _KnownClaims()
        claims = known.claims(ids)
        facts = [known.facts(claim) for claim in claims]
    statement = StatementFacts(
        text=question.text,
        speaker_ids=frozenset({str(question.speaker_id)}),
        kind=question.kind,
        said_on=question.said_on,
        meaning=question.meaning,
    )
    with times.of(Step.SCORE):
        decide(statement, facts, most_read=most_read)
    return claims


def _search_exactly(asked: Sequence[Question], times: Times) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexscan = off")
        for question in asked:
            with times.of(Step.EXACT):
                cursor.execute(_EXACT, {"vector": _text_of(question.meaning), "limit": FROM_EACH_SEARCH})
                cursor.fetchall()


def _search_by_trigrams(asked: Sequence[Question], times: Times) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute(_WITH_TRIGRAMS)
        cursor.execute(_TRIGRAMS)
        cursor.execute("RESET maintenance_work_mem")
        for question in asked:
            with times.of(Step.TRIGRAMS):
                cursor.execute(_BY_TRIGRAMS, {"text": question.text, "limit": FROM_EACH_SEARCH})
                cursor.fetchall()
        cursor.execute("DROP INDEX bench_trigrams")


def recall(asked: Sequence[Question], loaded: Loaded) -> dict[str, float]:
    """Which share of the `NEAREST` by exact search the index finds: among all, own and others'."""
    exact = _exactly(asked, loaded)
    shares: dict[str, list[float]] = {ALL: [], "claims of the speaker": [], "claims of others": []}
    for question, own, others in zip(asked, *exact, strict=True):
        found = nearest_claims(question.meaning, speaker_ids=[question.speaker_id], said_on=question.said_on)
        wanted = [np.concatenate([own, others]), own, others]
        for kept, exactly, got in zip(shares.values(), wanted, ([*found[0], *found[1]], *found), strict=True):
            nearest = _nearest(exactly, question, loaded)
            if nearest:
                kept.append(len(nearest & _nearest(got, question, loaded)) / len(nearest))
    return {whose: float(np.mean(kept)) for whose, kept in shares.items()}


def _nearest(ids: Sequence[int] | Ids, question: Question, loaded: Loaded) -> set[int]:
    """The ids of the `NEAREST` of these claims."""
    alike = loaded.vectors[np.asarray(ids, dtype=np.int64) - 1].astype(np.float32) @ question.meaning
    return {int(ids[place]) for place in np.argsort(-alike)[:NEAREST]}


def _exactly(asked: Sequence[Question], loaded: Loaded) -> tuple[list[Ids], list[Ids]]:
    """The ids of the nearest claims of each question's speaker, and of others, by comparing all vectors."""
    meanings = np.array([one.meaning for one in asked]).T
    own, others = [[Best() for _ in asked] for _ in range(2)]
    for first in range(0, len(loaded.vectors), ROWS_AT_ONCE):
        rows = slice(first, first + ROWS_AT_ONCE)
        alike = loaded.vectors[rows].astype(np.float32) @ meanings
        for place, question in enumerate(asked):
            is_own = loaded.speakers[rows] == question.speaker_id
            is_known = loaded.days[rows] <= (question.said_on + SAID_AFTER).toordinal()
            own[place].add(first, alike[:, place], is_own)
            others[place].add(first, alike[:, place], ~is_own & is_known)
    return [one.ids for one in own], [one.ids for one in others]


class Best:
    """The nearest of the claims that were added so far."""

    def __init__(self) -> None:
        self.ids: Ids = np.zeros(0, np.int64)
        self._alike = np.zeros(0, np.float32)

    def add(self, first: int, alike: NDArray[np.float32], fits: NDArray[np.bool_]) -> None:
        rows = np.flatnonzero(fits)
        ids, alike = np.concatenate([self.ids, rows + first + 1]), np.concatenate([self._alike, alike[rows]])
        nearest = np.argpartition(-alike, NEAREST)[:NEAREST] if len(ids) > NEAREST else np.arange(len(ids))
        self.ids, self._alike = ids[nearest], alike[nearest]


def _text_of(vector: Vectors) -> str:
    return orjson.dumps(vector, option=orjson.OPT_SERIALIZE_NUMPY).decode()
