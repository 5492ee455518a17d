"""What the reader makes of whole texts. The people and places are invented."""

from datetime import date

import pytest

from claimtrack.extraction import READER, read_statements
from claimtrack.extraction.attribution import Attribution, Kind, Polarity, SpeakerKind, Speech

FRIDAY = date(2019, 3, 1)


def read(text: str) -> list[Attribution]:
    return list(read_statements(text, published_on=FRIDAY))


def contents(text: str, one: Attribution) -> list[str]:
    return [text[start:end] for start, end in one.content]


SAYINGS = [
    ("Anna Weber said that the bridge was safe.", "Anna Weber", ["the bridge was safe"], Speech.INDIRECT),
    ("Anna Weber said the bridge was safe.", "Anna Weber", ["the bridge was safe"], Speech.INDIRECT),
    ('"The bridge is safe," said Anna Weber.', "Anna Weber", ['"The bridge is safe,"'], Speech.DIRECT),
    ("“The bridge is safe,” Anna Weber said.", "Anna Weber", ["“The bridge is safe,”"], Speech.DIRECT),
    ("'The bridge is safe,' Anna Weber said.", "Anna Weber", ["'The bridge is safe,'"], Speech.DIRECT),
    ("''The bridge is safe,'' Anna Weber said.", "Anna Weber", ["''The bridge is safe,''"], Speech.DIRECT),
    (
        '"It is safe," Anna Weber said. "We looked at it twice."',
        "Anna Weber",
        ['"It is safe,"', '"We looked at it twice."'],
        Speech.DIRECT,
    ),
    ('"The bridge," Anna Weber said, "is safe."', "Anna Weber", ['"The bridge,"', '"is safe."'], Speech.DIRECT),
    ("Anna Weber said the bridge was “quite safe.”", "Anna Weber", ["the bridge was “quite safe.”"], Speech.MIXED),
    ("According to Anna Weber, the bridge is safe.", "Anna Weber", ["the bridge is safe"], Speech.INDIRECT),
    ("The bridge is safe, according to Anna Weber.", "Anna Weber", ["The bridge is safe"], Speech.INDIRECT),
    (
        "The bridge, according to Anna Weber, is safe.",
        "Anna Weber",
        ["The bridge", "is safe"],
        Speech.INDIRECT,
    ),
    ("The bridge is safe, Anna Weber said.", "Anna Weber", ["The bridge is safe"], Speech.INDIRECT),
    ("The bridge, Anna Weber said, is safe.", "Anna Weber", ["The bridge", "is safe"], Speech.INDIRECT),
    ("Anna Weber told reporters on Monday that rents fell.", "Anna Weber", ["rents fell"], Speech.INDIRECT),
    ("Anna Weber, the mayor, said rents had fallen.", "Anna Weber", ["rents had fallen"], Speech.INDIRECT),
    (
        "Anna Weber, when asked about the bridge, said: “It holds for years.”",
        "Anna Weber",
        ["“It holds for years.”"],
        Speech.DIRECT,
    ),
    ("Anna Weber was quoted as saying that rents fell.", "Anna Weber", ["rents fell"], Speech.INDIRECT),
    ("Anna Weber called it “a bad joke.”", "Anna Weber", ["it “a bad joke.”"], Speech.MIXED),
    ("Anna Weber tweeted: “The bridge is open.”", "Anna Weber", ["“The bridge is open.”"], Speech.DIRECT),
    ("Anna Weber: “The bridge is open now.”", "Anna Weber", ["“The bridge is open now.”"], Speech.DIRECT),
    ("Anna Weber walked out, saying the talks were over.", "Anna Weber", ["the talks were over"], Speech.INDIRECT),
    ("“Is the bridge safe?” Anna Weber asked.", "Anna Weber", ["“Is the bridge safe?”"], Speech.DIRECT),
]


@pytest.mark.parametrize(("text", "speaker", "content", "speech"), SAYINGS)
def test_every_form_of_speech_is_read(text, speaker, content, speech):
    [one] = read(text)

    assert (one.speaker.name, contents(text, one), one.speech) == (speaker, content, speech)
    assert one.chain == (one.speaker,)


def test_two_sayings_in_one_sentence_are_two_attributions():
    text = "Weber declared it “not a bad plan,” while Feld called it “a disaster.”"

    assert [(one.speaker.name, contents(text, one)) for one in read(text)] == [
        ("Weber", ["it “not a bad plan,”"]),
        ("Feld", ["it “a disaster.”"]),
    ]


def test_a_quotation_over_paragraphs_belongs_to_whom_its_end_names():
    text = (
        "Jonas Feld said nothing had changed.\n\n“The first part is done.\n\n“The second will follow,” Anna Weber said."
    )

    last = read(text)[-1]

    assert last.speaker.name == "Anna Weber"
    assert contents(text, last) == ["“The first part is done.", "“The second will follow,”"]


def test_who_is_told_is_the_addressee():
    [one] = read("Anna Weber assured Jonas Feld that the bridge would hold.")

    assert one.addressee is not None
    assert one.addressee.name == "Jonas Feld"


NESTED = (
    "Maria Stern met Tom Brandt. However, she said Brandt assured her that he would continue to keep the mine shut."
)


def test_what_somebody_says_another_said_keeps_the_chain():
    outer, inner = read(NESTED)

    assert [name.name for name in inner.chain] == ["Maria Stern", "Tom Brandt"]
    assert inner.nested_in == 0
    assert inner.addressee is not None
    assert inner.addressee.name == "Maria Stern"
    assert inner.kind == Kind.PROMISE
    assert inner.proposition == "Tom Brandt would continue to keep the mine shut"
    assert contents(NESTED, outer) == ["Brandt assured her that he would continue to keep the mine shut"]
    assert outer.kind == Kind.ASSERTION


def test_a_promise_taken_back_is_negated():
    [one] = read(
        "ALTSTADT — Mine owner Tom Brandt said on Wednesday that his company would no longer keep the mine shut."
    )

    assert one.speaker.name == "Tom Brandt"
    assert one.proposition == "His company would no longer keep the mine shut"
    assert one.polarity == Polarity.NEGATED
    assert one.said_on == date(2019, 2, 27)


PROPOSITIONS = [
    ("Anna Weber said she would resign.", "Anna Weber would resign"),
    ("“I will resign in May,” Anna Weber said.", "Anna Weber will resign in May"),
    ("“We're ready for it,” Anna Weber said.", "Anna Weber is ready for it"),
    ("“We just want peace,” Anna Weber said.", "We just want peace"),
    ("Anna Weber promised to lower rents.", "Anna Weber will lower rents"),
    ("Anna Weber vowed not to raise fares.", "Anna Weber will not raise fares"),
    ("Anna Weber urged the council to act.", "The council should act"),
    ("Moscow said it would not sign the treaty.", "Russia would not sign the treaty"),
    ("Anna Weber called the report “a bad joke.”", "Anna Weber called the report a bad joke"),
    ("“And it is, after all, cheap,” Anna Weber said.", "It is, after all, cheap"),
    ("A doctor said he was tired of it.", "He was tired of it"),
]


@pytest.mark.parametrize(("text", "proposition"), PROPOSITIONS)
def test_the_proposition_stands_on_its_own(text, proposition):
    [one] = read(text)

    assert one.proposition == proposition


KINDS = [
    ("Anna Weber said the deficit fell to 3 percent.", Kind.ASSERTION, Polarity.AFFIRMED),
    ("Anna Weber denied that she had taken money.", Kind.ASSERTION, Polarity.NEGATED),
    ("Anna Weber denied that she had not paid.", Kind.ASSERTION, Polarity.AFFIRMED),
    ("Anna Weber refused to pay the fine.", Kind.ASSERTION, Polarity.NEGATED),
    ("Anna Weber said nobody was hurt.", Kind.ASSERTION, Polarity.NEGATED),
    ("Anna Weber promised to lower rents.", Kind.PROMISE, Polarity.AFFIRMED),
    ("Anna Weber said she would not run again.", Kind.PROMISE, Polarity.NEGATED),
    ("Anna Weber predicted that prices would fall.", Kind.PREDICTION, Polarity.AFFIRMED),
    ("Anna Weber said the bridge will open in June.", Kind.PREDICTION, Polarity.AFFIRMED),
    ("Anna Weber demanded that wages rise.", Kind.DEMAND, Polarity.AFFIRMED),
    ("Anna Weber called on the government to act.", Kind.DEMAND, Polarity.AFFIRMED),
    ("“You must pay us now,” Anna Weber said.", Kind.DEMAND, Polarity.AFFIRMED),
]


@pytest.mark.parametrize(("text", "kind", "polarity"), KINDS)
def test_kind_and_polarity_follow_from_cue_and_wording(text, kind, polarity):
    [one] = read(text)

    assert (one.kind, one.polarity) == (kind, polarity)


def test_a_hedge_is_seen_and_the_month_of_may_is_none():
    [hedged] = read("Anna Weber said the bridge might hold.")
    [sure] = read("Anna Weber said the bridge would hold until 3 May.")

    assert hedged.hedged
    assert not sure.hedged


def test_figures_and_promises_are_worth_more_checking_than_pleasantries_and_questions():
    [figure] = read("Anna Weber said the city had spent 90 million euros on the bridge.")
    [promise] = read("Anna Weber promised to lower rents by 2030.")
    [thanks] = read("“Thank you all for coming today,” Anna Weber said.")
    [question] = read("“Will the bridge hold this time?” Anna Weber asked.")

    assert min(figure.check_worthiness, promise.check_worthiness) > 0.6
    assert max(thanks.check_worthiness, question.check_worthiness) < 0.4


NOTHING_SAID = [
    "The bridge was closed on Monday.",
    "The claims department reports to the head of finance.",
    "A band called Dawn played in the square.",
    "The company said.",
    "",
    "   \n\n  ",
]


@pytest.mark.parametrize("text", NOTHING_SAID)
def test_where_nobody_says_anything_nothing_is_read(text):
    assert read(text) == []


def test_a_source_without_name_stays_unnamed():
    [one] = read("The talks failed, two people familiar with the matter said.")

    assert one.speaker.kind == SpeakerKind.UNNAMED
    assert one.speaker.name == "two people familiar with the matter"


def test_without_a_day_of_publication_no_day_is_known():
    [one] = read_statements("Anna Weber said on Monday the bridge would open by 2030.")

    assert (one.said_on, one.due_on) == (None, None)


def test_the_reader_names_its_version():
    assert READER == "rules-1"
