"""How a reading is scored. The people are invented."""

from collections import Counter
from datetime import date

import pytest

from bench.figures import estimates, values
from bench.reading.articles import Article, Details, Marked
from bench.reading.figures import FIGURES
from bench.reading.scoring import compare, count
from claimtrack.extraction.attribution import Attribution, Kind, Polarity, SpeakerKind, SpeakerName, Speech

TEXT = "Ada Brook, mayor of Lund, said the old bridge would open again by June."
SOURCE, CUE, CONTENT = (0, 24), (26, 30), (31, 70)
BROOK = SpeakerName("Ada Brook", SpeakerKind.PERSON)
JUNE = date(2024, 6, 30)


def article(*, is_own: bool = True) -> Article:
    details = Details(Kind.PREDICTION, Polarity.AFFIRMED, False, ("Ada Brook",), False, None, None, JUNE, None)
    marked = Marked((SOURCE,), (CUE,), (CONTENT,), Speech.INDIRECT, details if is_own else None)
    return Article("bridge", "", TEXT, None, (marked,), is_own)


def reading(**changes: object) -> Attribution:
    right = {
        "source": (SOURCE,),
        "cue": (CUE,),
        "content": (CONTENT,),
        "speech": Speech.INDIRECT,
        "kind": Kind.PREDICTION,
        "polarity": Polarity.AFFIRMED,
        "hedged": False,
        "speaker": BROOK,
        "addressee": None,
        "chain": (BROOK,),
        "proposition": "",
        "said_on": None,
        "due_on": JUNE,
        "check_worthiness": 0.5,
        "confidence": 1.0,
    }
    return Attribution(**{**right, **changes})


@pytest.mark.parametrize(
    ("changes", "lowered"),
    [
        ({}, set()),
        ({"content": ((50, 70),)}, {"exact content, F1"}),
        ({"content": ((58, 70),)}, {"found, F1", "with source, F1", "exact content, F1"}),
        ({"source": ((0, 3),)}, {"with source, F1"}),
        ({"source": ((4, 9),)}, set()),
        ({"source": ((11, 24),)}, {"with source, F1"}),
        ({"source": ()}, {"with source, F1"}),
        ({"kind": Kind.PROMISE}, {"kind", "kind, macro-F1"}),
        ({"polarity": Polarity.NEGATED}, {"polarity"}),
        ({"hedged": True}, {"hedge"}),
        ({"speaker": SpeakerName("Brook", SpeakerKind.PERSON)}, {"speaker"}),
        ({"due_on": None}, {"due date"}),
        ({"said_on": JUNE}, {"said on"}),
    ],
)
def test_what_is_wrong_lowers_its_own_figure(changes, lowered):
    right, wrong = (values(FIGURES, count(compare(article(), [read]))) for read in (reading(), reading(**changes)))

    watched = "found, F1", "with source, F1", "exact content, F1", "kind", "kind, macro-F1", "polarity", "hedge"
    watched += "speaker", "due date", "said on"
    assert {name for name in watched if wrong.get(name, 1) < right[name]} == lowered


def test_a_second_reading_of_the_same_words_is_an_invention():
    counts = count(compare(article(), [reading(), reading()]))

    assert values(FIGURES, counts)["found, precision"] == 0.5


def test_a_nested_reading_counts_only_where_nested_sayings_are_marked():
    read = [reading(), reading(content=((50, 70),), nested_in=0)]

    assert count(compare(article(is_own=False), read))["read"] == 1
    assert count(compare(article(), read))["read"] == 2


def test_an_interval_spans_the_articles_drawn_and_is_the_same_each_time():
    articles = [Counter(found=found, read=2, marked=2) for found in (0, 1, 1, 2)]

    once, again = (estimates(FIGURES, articles)["found, F1"] for _ in range(2))

    assert once == again
    assert 0 <= once.low < once.value == 0.5 < once.high <= 1
    assert once.cases == 8
