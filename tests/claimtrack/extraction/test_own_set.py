"""The reader's scores on our own annotated articles. `make eval` prints them all, with intervals."""

from collections import Counter
from collections.abc import Sequence

import pytest

from bench.figures import values
from bench.reading.articles import HALVES, Article, Details, own_articles
from bench.reading.figures import FIGURES
from bench.reading.scoring import compare, count
from claimtrack.extraction import Engine, read_statements
from claimtrack.extraction.attribution import Attribution, SpeakerKind, SpeakerName

# What each engine reached, less a margin for changes that trade one case for another; raised when it gets better.
# In this order: neural on the tuned and the held-out half, rules on both.
FLOORS = {
    "found, F1": (0.88, 0.92, 0.88, 0.90),
    "with source, F1": (0.85, 0.88, 0.86, 0.86),
    "exact content, F1": (0.79, 0.84, 0.84, 0.85),
    "recall, direct": (0.91, 0.91, 0.92, 0.90),
    "recall, indirect": (0.85, 0.88, 0.83, 0.83),
    "nested, with speaker": (0.45, 0.66, 0.50, 0.62),
    "speaker": (0.90, 0.87, 0.90, 0.82),
    "speaker of a pronoun": (0.92, 0.86, 0.91, 0.85),
    "speaker of a description": (0.74, 0.58, 0.76, 0.55),
    "kind, macro-F1": (0.80, 0.81, 0.83, 0.83),
    "polarity": (0.93, 0.95, 0.93, 0.95),
    "hedge": (0.94, 0.94, 0.94, 0.95),
    "due date": (0.90, 0.91, 0.94, 0.90),
    "said on": (0.94, 0.92, 0.93, 0.92),
    "addressee": (0.63, 0.60, 0.67, 0.62),
}
CEILINGS = {"due date invented": 0.05, "addressee invented": 0.03}


@pytest.mark.parametrize("engine", Engine)
@pytest.mark.parametrize("half", HALVES)
def test_the_scores_do_not_get_worse(half, engine):
    counts = Counter[str]()
    for article in own_articles(half):
        read = read_statements(article.text, title=article.title, published_on=article.published_on, engine=engine)
        counts += count(compare(article, read))

    scores = values(FIGURES, counts)

    column = 2 * list(Engine).index(engine) + HALVES.index(half)
    fallen = {name: scores[name] for name, floors in FLOORS.items() if scores[name] < floors[column]}
    risen = {name: scores[name] for name, ceiling in CEILINGS.items() if scores[name] > ceiling}
    assert (fallen, risen) == ({}, {})


@pytest.mark.parametrize("half", HALVES)
def test_a_reading_as_people_marked_it_scores_in_full(half):
    counts = sum((count(compare(article, as_marked(article))) for article in own_articles(half)), Counter[str]())

    scores = values(FIGURES, counts)

    assert {name: score for name, score in scores.items() if score != ("invented" not in name)} == {}


def as_marked(article: Article) -> Sequence[Attribution]:
    chains: list[tuple[SpeakerName, ...]] = []
    read = []
    for one in article.marked:
        details = one.details
        assert details is not None
        speaker = name_of(details)
        before = () if details.nested_in is None else chains[details.nested_in]
        chains.append(before if before[-1:] == (speaker,) else (*before, speaker))
        read.append(
            Attribution(
                source=tuple(one.source),
                cue=tuple(one.cue),
                content=one.content,
                speech=one.speech,
                kind=details.kind,
                polarity=details.polarity,
                hedged=details.hedged,
                speaker=speaker,
                addressee=details.addressee and SpeakerName(details.addressee, SpeakerKind.PERSON),
                chain=chains[-1],
                proposition="",
                said_on=details.said_on,
                due_on=details.due_on,
                check_worthiness=0,
                confidence=1,
                nested_in=details.nested_in,
            )
        )
    return read


def name_of(details: Details) -> SpeakerName:
    if not details.speakers:
        return SpeakerName("unnamed", SpeakerKind.UNNAMED)
    return SpeakerName(details.speakers[0], SpeakerKind.PERSON)
