"""Loading a generated world into an empty database: speakers, articles, statements, claims, and what links them."""

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from datetime import time as time_of_day
from itertools import batched
from typing import Any
from uuid import UUID

import numpy as np
import orjson
from numpy.typing import NDArray

from apps.claims.models import Claim, Link, Stage
from apps.claims.statuses import initial_status
from apps.sources.models import Article, ArticleVersion, Publisher, StoryCluster
from apps.statements.models import Speaker, Statement, StatementSpan
from bench.load.meaning import Meanings
from bench.load.saying import Saying, World
from bench.load.tables import Table, Tell, bulk_load, continue_counting
from claimtrack.extraction.attribution import Kind
from claimtrack.extraction.spelling import name_key
from claimtrack.matching.embedding import DIMENSIONS, embed
from claimtrack.matching.stance import Stance

AT_A_TIME = 10_000
PUBLISHERS = 200
STATEMENTS_OF_AN_ARTICLE = 4
TRACKED_EVERY = 10
EXAMPLES = 1_500
MAKER = "bench-load"
NIGHT = time_of_day(tzinfo=UTC)

CLAIMS = ("id", "uid", "text", "kind", "first_said_on", "stage", "status", "check_worthiness", "embedding")
ARTICLES = ("id", "identity", "publisher_id", "title", "published_at", "language", "state", "cluster_id")
VERSIONS = ("id", "article_id", "number", "text", "text_digest", "origin", "reader", "read_at")
STATEMENTS = (
    *("id", "article_id", "speaker_id", "speaker_name", "chain", "text", "proposition", "speech", "kind", "polarity"),
    *("hedged", "said_on", "check_worthiness", "confidence", "reader", "matched_at"),
)
LINKS = ("statement_id", "claim_id", "stance", "suggested_stance", "state", "score", "matcher")


@dataclass(slots=True)
class Loaded:
    """Of every claim, by its id less one, the vector, the speaker's id and the day as a number; and some claims that
    were really embedded, by their ids."""

    vectors: NDArray[np.float16]
    speakers: NDArray[np.int64]
    days: NDArray[np.int64]
    examples: dict[int, Saying] = field(default_factory=dict)


def load(world: World, meanings: Meanings, claims: int, *, tell: Tell) -> Loaded:
    """Load so many claims and twice as many statements, then build the indexes for search and take statistics."""
    with bulk_load((Claim, "claim_search"), (Claim, "claim_meaning"), tell=tell):
        return load_batches(world, meanings, claims, tell=tell)


def load_batches(world: World, meanings: Meanings, claims: int, *, tell: Tell) -> Loaded:
    """Write everything, and leave the indexes as they are."""
    loaded = Loaded(np.empty((claims, DIMENSIONS), np.float16), np.empty(claims, np.int64), np.empty(claims, np.int64))
    _load_people(world)
    loading, began = _Loading(world, meanings, loaded), time.monotonic()
    for stories in _batches(world.stories(claims)):
        loading.write(stories)
        tell(f"claims {loading.claims:,} of {claims:,}, {loading.claims / (time.monotonic() - began):,.0f} a second")
    continue_counting(Claim, Link, Article, ArticleVersion, StoryCluster, Speaker, Statement, StatementSpan, Publisher)
    return loaded


def _batches(stories: Iterator[list[Saying]]) -> Iterator[list[list[Saying]]]:
    batch: list[list[Saying]] = []
    for story in stories:
        batch.append(story)
        if sum(map(len, batch)) >= AT_A_TIME:
            yield batch
            batch = []
    if batch:
        yield batch


def _load_people(world: World) -> None:
    publishers = [f"{place} Courier" for place in world.places[:PUBLISHERS]]
    Table(Publisher, "id", "name", "keys").copy(
        (number, name, [name_key(name)]) for number, name in enumerate(publishers, start=1)
    )
    Table(Speaker, "id", "name", "kind", "names", "keys").copy(
        (number, name, "person", [name], [name_key(name)]) for number, name in enumerate(world.speakers, start=1)
    )


class _Loading:
    """Where a load has come to; ids count from 1 in the order of writing."""

    def __init__(self, world: World, meanings: Meanings, loaded: Loaded) -> None:
        self._world, self._meanings, self._loaded = world, meanings, loaded
        self._example_every = max(1, len(loaded.vectors) // EXAMPLES)
        self.claims = self._articles = self._statements = 0

    def write(self, stories: Sequence[list[Saying]]) -> None:
        """Write some stories, with all that was said and written about them."""
        claims = [claim for story in stories for claim in story]
        first = self.claims + 1
        self._write_claims(claims)
        articles: list[list[tuple[int, Saying]]] = []
        for story in stories:
            said = [(first + place, one) for place, one in self._world.statements(story)]
            articles += map(list, batched(said, STATEMENTS_OF_AN_ARTICLE))
            first += len(story)
        self._write_articles(articles)

    def _write_claims(self, claims: Sequence[Saying]) -> None:
        first, self.claims = self.claims, self.claims + len(claims)
        vectors = self._meanings.of(claims)
        for place in range(-first % self._example_every, len(claims), self._example_every):
            vectors[place] = embed([claims[place].text])[0]
            self._loaded.examples[first + place + 1] = claims[place]
        self._loaded.vectors[first : self.claims] = vectors
        self._loaded.speakers[first : self.claims] = [one.speaker + 1 for one in claims]
        self._loaded.days[first : self.claims] = [one.said_on.toordinal() for one in claims]
        Table(Claim, *CLAIMS).copy(
            _claim(first + number, one, vector)
            for number, (one, vector) in enumerate(zip(claims, vectors, strict=True), start=1)
        )
        Table(Claim.speakers.through, "claim_id", "speaker_id").copy(
            (first + number, one.speaker + 1) for number, one in enumerate(claims, start=1)
        )

    def _write_articles(self, articles: Sequence[Sequence[tuple[int, Saying]]]) -> None:
        first, self._articles = self._articles + 1, self._articles + len(articles)
        Table(StoryCluster, "id").copy((number,) for number in range(first, first + len(articles)))
        heads, versions, statements, spans, links = [], [], [], [], []
        for number, said in enumerate(articles, start=first):
            text = ""
            for claim_id, one in said:
                self._statements += 1
                name, words = self._world.speakers[one.speaker], one.text
                start = len(text) + len(name) + len(" said: ")
                text += f"{name} said: {words}.\n"
                statements.append(_statement(self._statements, number, one, words, name))
                spans.append((self._statements, number, MAKER, json.dumps([[start, start + len(words)]])))
                links.append(_link(self._statements, claim_id, one))
            heads.append(_article(number, said[-1][1]))
            versions.append(_version(number, text, heads[-1][4]))
        Table(Article, *ARTICLES).copy(heads)
        Table(ArticleVersion, *VERSIONS).copy(versions)
        Table(Statement, *STATEMENTS).copy(statements)
        Table(StatementSpan, "statement_id", "version_id", "reader", "content").copy(spans)
        Table(Link, *LINKS).copy(links)


def _claim(number: int, one: Saying, vector: NDArray[np.float32]) -> tuple[Any, ...]:
    stage = Stage.CANDIDATE if number % TRACKED_EVERY else Stage.TRACKED
    status = initial_status(Kind(one.kind))
    meaning = orjson.dumps(vector, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    return number, UUID(int=number), one.text, one.kind, one.said_on, stage, status, 0.5, meaning


def _article(number: int, last: Saying) -> tuple[Any, ...]:
    digest = hashlib.sha256(b"article %d" % number).digest()
    published = datetime.combine(last.said_on, NIGHT)
    return number, digest, 1 + number % PUBLISHERS, last.thing.capitalize(), published, "en", "done", number


def _version(number: int, text: str, read_at: datetime) -> tuple[Any, ...]:
    digest = hashlib.sha256(text.encode()).digest()
    return number, number, 1, text, digest, ArticleVersion.Origin.FETCHED, MAKER, read_at


def _statement(number: int, article: int, one: Saying, text: str, name: str) -> tuple[Any, ...]:
    speaker = one.speaker + 1
    chain = json.dumps([{"type": "speaker", "id": str(speaker), "name": name}])
    known = (number, article, speaker, name, chain, text, text, "direct", one.kind, "affirmed", False, one.said_on)
    return *known, 0.5, 0.9, MAKER, datetime.combine(one.said_on, NIGHT)


def _link(statement: int, claim: int, one: Saying) -> tuple[Any, ...]:
    stance = Stance.REPEATS if one.is_repeated else Stance.MAKES
    return statement, claim, stance, stance, Link.State.ACCEPTED, 0.9, MAKER
