"""Sayings inside others, whom they are told to, and of which kind they are. The people and places are invented."""

from datetime import date
from functools import partial

import pytest

from claimtrack import extraction
from claimtrack.extraction import Engine
from claimtrack.extraction.attribution import Attribution, Kind, Polarity

read_statements = partial(extraction.read_statements, engine=Engine.RULES)

FRIDAY = date(2019, 3, 1)


def read(text: str) -> list[Attribution]:
    return list(read_statements(text, published_on=FRIDAY))


def contents(text: str, one: Attribution) -> list[str]:
    return [text[start:end] for start, end in one.content]


INSIDE_QUOTATIONS = [
    ("“I told the council that the roof would fall,” Anna Weber said.", "Anna Weber", "the roof would fall"),
    ("“We promised to pay,” Anna Weber said.", "Anna Weber", "to pay"),
    ("“My teacher told me the sea was deep,” Anna Weber said.", "My teacher", "the sea was deep"),
    ("Anna Weber said: “Tom Brandt asked us to keep quiet.”", "Tom Brandt", "to keep quiet"),
    ("“Tom Brandt wrote to me: ‘The mine is not safe,’” Anna Weber said.", "Tom Brandt", "‘The mine is not safe,’"),
]


@pytest.mark.parametrize(("text", "speaker", "content"), INSIDE_QUOTATIONS)
def test_what_is_reported_between_quotation_marks_is_nested(text, speaker, content):
    outer, inner = read(text)

    assert (inner.nested_in, inner.speaker.name, contents(text, inner)) == (0, speaker, [content])
    assert outer.chain == inner.chain[:1]


NESTED_OTHERWISE = [
    ("Anna Weber quoted Tom Brandt as saying the mine was safe.", "Tom Brandt", "the mine was safe"),
    ("Anna Weber said nobody at the mine had asked for a second rope.", "nobody at the mine", "a second rope"),
    ("Tom Brandt spoke. “His promise to pay was empty,” Anna Weber said.", "Tom Brandt", "to pay"),
    ("According to the indictment, Tom Brandt told the crew to leave.", "Tom Brandt", "to leave"),
]


@pytest.mark.parametrize(("text", "speaker", "content"), NESTED_OTHERWISE)
def test_a_saying_is_nested_in_what_quotes_it(text, speaker, content):
    outer, inner = read(text)

    assert (inner.nested_in, inner.speaker.name, contents(text, inner)) == (0, speaker, [content])
    assert [name.name for name in inner.chain] == [outer.speaker.name, speaker]


OWN_THOUGHTS = [
    "“We will buy in January, I promise the fans that,” Anna Weber said.",
    "“I think that the roof will fall,” Anna Weber said.",
    "“You know that the roof is old,” Anna Weber said.",
]


@pytest.mark.parametrize("text", OWN_THOUGHTS)
def test_what_one_thinks_oneself_is_not_nested(text):
    assert len(read(text)) == 1


def test_me_between_quotation_marks_is_the_one_quoted_and_us_is_nobody_known():
    assert read("“Tom Brandt told me the roof was old,” Anna Weber said.")[1].addressee.name == "Anna Weber"
    assert read("“Tom Brandt told us the roof was old,” Anna Weber said.")[1].addressee is None


OUTSIDE_THE_CONTENT = [
    ("Anna Weber urged the council to act.", "the council", "to act", Kind.DEMAND),
    ("Anna Weber asked Tom Brandt not to drive.", "Tom Brandt", "not to drive", Kind.DEMAND),
    ("Anna Weber advised farmers to wait.", "farmers", "to wait", Kind.DEMAND),
    ("Anna Weber promised the miners a pension.", "the miners", "a pension", Kind.PROMISE),
    ("Anna Weber suggested to Tom Brandt that the roof was old.", "Tom Brandt", "the roof was old", Kind.ASSERTION),
]


@pytest.mark.parametrize(("text", "addressee", "content", "kind"), OUTSIDE_THE_CONTENT)
def test_the_one_addressed_stands_outside_the_content(text, addressee, content, kind):
    [one] = read(text)

    assert one.addressee is not None
    assert (one.addressee.name, contents(text, one), one.kind) == (addressee, [content], kind)


NEW_CUES = [
    ("Anna Weber asked for a second vote.", "Anna Weber", "a second vote"),
    ("Others said the roof was old.", "Others", "the roof was old"),
    ("Anna Weber pledged before the vote to lower rents.", "Anna Weber", "to lower rents"),
]


@pytest.mark.parametrize(("text", "speaker", "content"), NEW_CUES)
def test_requests_and_sayings_of_others_are_read(text, speaker, content):
    [one] = read(text)

    assert (one.speaker.name, contents(text, one)) == (speaker, [content])


KINDS_BY_WORDING = [
    ("“Keep your tickets,” Anna Weber said.", Kind.DEMAND),
    ("“I want a list by noon,” Anna Weber said.", Kind.DEMAND),
    ("“If it rains we will close the road,” Anna Weber said.", Kind.PROMISE),
    ("“This council will lower rents,” Anna Weber said.", Kind.PROMISE),
    ("“We should have told you,” Anna Weber said.", Kind.ASSERTION),
    ("Anna Weber said every school must have a plan.", Kind.DEMAND),
    ("Anna Weber said the channel might be closed by 2020.", Kind.PREDICTION),
    ("Anna Weber said a fine was likely.", Kind.PREDICTION),
    ("Anna Weber did not say when it would be released.", Kind.ASSERTION),
    ("The judge said she would decide on Friday.", Kind.PROMISE),
    ("Anna Weber said the man might have fallen.", Kind.ASSERTION),
]


@pytest.mark.parametrize(("text", "kind"), KINDS_BY_WORDING)
def test_the_wording_tells_the_kind(text, kind):
    [one] = read(text)

    assert one.kind == kind


def test_what_only_wraps_anothers_saying_is_affirmed():
    outer, inner = read("Anna Weber said Tom Brandt told her the mine would not close.")

    assert (outer.polarity, inner.polarity) == (Polarity.AFFIRMED, Polarity.NEGATED)
