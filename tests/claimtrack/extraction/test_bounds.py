"""Whatever the text: the spans lie in it, and reading takes time in proportion to its length."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimtrack.extraction import Engine, language, read_statements

PIECES = [
    *("“", "”", '"', "'", "’", "''", ",", ".", ":", "-", "(", ")", "?", "…", "...", " ", "\n", "\n\n"),
    *("Smith", "said", "that", "he", "according to", "told", "him", "who", "promised", "to", "and", "the", "president"),
    *("’s", "if", "saying", "as", "was quoted as", "his promise", "I'm", "it", "We", "U.S.", "by May 4", "9999"),
    *("😀", "\u202e", "\x00", "\u05d0", "é"),
]
texts = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join))


@given(texts, st.one_of(st.none(), st.dates()))
def test_every_span_lies_in_the_text_and_every_number_in_its_range(text, published_on):
    check(text, read_statements(text, published_on=published_on, engine=Engine.RULES))


@given(texts)
@settings(max_examples=50, deadline=None)  # the first example loads the network
def test_the_network_too_is_right_about_places(text):
    check(text, read_statements(text, engine=Engine.NEURAL))


def check(text, found):
    for number, one in enumerate(found):
        for start, end in (*one.content, *one.source, *one.cue):
            assert 0 <= start < end <= len(text)
        assert one.content
        assert one.speaker.name
        assert one.chain[-1] == one.speaker
        assert one.nested_in is None or one.nested_in < number
        assert 0 <= one.confidence <= 1
        assert 0 <= one.check_worthiness <= 1


@given(texts)
def test_the_same_text_is_always_read_the_same(text):
    assert read_statements(text, engine=Engine.RULES) == read_statements(text, engine=Engine.RULES)


FIVE_MB = 5_000_000
HOSTILE = {
    "one word": "a",
    "words": "word ",
    "quotation marks": '"',
    "opening marks": "“",
    "single marks": "'a ",
    "capitals": "Aa ",
    "commas": "Smith, ",
    "brackets": "(",
    "sayings": "Smith said ",
    "sayings without end": "Smith said that ",
    "told": "Smith told Jones that ",
    "nouns": "his promise to go ",
    "open quotations": "“A b c d e.\n\n",
    "answers": "“Yes,” he said. ",
    "points": "a.",
    "emoji": "😀",
    "right to left": "\u202e\u05d0\u05d1 ",
    "NUL": "\x00",
    "empty lines": "\n\n",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_five_megabytes_of_anything_are_read_in_bounded_time(piece):
    text = piece * (FIVE_MB // len(piece))
    began = time.process_time()

    read_statements(text, published_on=date(2019, 3, 1), engine=Engine.RULES)

    assert time.process_time() - began < 5


@pytest.mark.parametrize(("engine", "most"), [(Engine.RULES, 0.25), (Engine.NEURAL, 1.0)])
def test_an_ordinary_article_is_read_in_milliseconds(engine, most):
    paragraph = "Mayor Anna Weber said on Monday that the city would build a bridge. “It will be cheap,” she said. "
    text = (paragraph * 3 + "\n\n") * 14
    read_statements(text, engine=engine)
    began = time.process_time()

    read_statements(text, engine=engine)

    assert len(text.split()) > 750
    assert time.process_time() - began < most  # a generous margin for busy machines: alone about 0.02 and 0.1


def test_only_the_first_twenty_thousand_words_are_read():
    filler = "The road goes on. " * 5_000

    assert read_statements(filler + "Anna Weber said it rained hard.", engine=Engine.RULES) == []


def test_languages_are_told_apart():
    assert language("The mayor said that the bridge would be opened in the spring.") == "en"
    assert language("Die Bürgermeisterin sagte, die Brücke werde im Frühjahr eröffnet.") == "de"
    assert language("12345 !!") == "und"
