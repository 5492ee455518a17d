"""What the reader makes of whole texts. The people and places are invented."""

from datetime import date
from functools import partial

import pytest

from claimtrack import extraction
from claimtrack.extraction import READERS, Engine
from claimtrack.extraction.attribution import Attribution, Kind, Polarity, SpeakerKind, Speech

read_statements = partial(extraction.read_statements, engine=Engine.RULES)

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
    (
        "“It holds,” Anna Weber, who built the bridge, told a crowd on Monday.",
        "Anna Weber",
        ["“It holds,”"],
        Speech.DIRECT,
    ),
    ("Anna Weber, however, said the bridge was safe.", "Anna Weber", ["the bridge was safe"], Speech.INDIRECT),
    ("Anna Weber said the birds flew south.", "Anna Weber", ["the birds flew south"], Speech.INDIRECT),
    ("Anna Weber admitted, however, that the bridge shook.", "Anna Weber", ["the bridge shook"], Speech.INDIRECT),
    ("Anna Weber vowed Tuesday to bring it up again.", "Anna Weber", ["to bring it up again"], Speech.INDIRECT),
    (
        "Anna Weber said in a statement the bridge was safe.",
        "Anna Weber",
        ["the bridge was safe"],
        Speech.INDIRECT,
    ),
    (
        "ALTSTADT - The bridge is safe, its builder, Anna Weber, told the newspaper Kurier in a talk held on Sunday.",
        "Anna Weber",
        ["The bridge is safe"],
        Speech.INDIRECT,
    ),
    ("Anna Weber of Bonn University said it rained.", "Anna Weber", ["it rained"], Speech.INDIRECT),
    ("Geologist Anna Weber said it rained.", "Anna Weber", ["it rained"], Speech.INDIRECT),
    ("The daily Kurier reported it rained.", "Kurier", ["it rained"], Speech.INDIRECT),
    ("The U.S. Geological Survey said it rained.", "U.S. Geological Survey", ["it rained"], Speech.INDIRECT),
    ("Police in Bonn believe the fire was set on purpose.", "Police", ["the fire was set on purpose"], Speech.INDIRECT),
    ("Anna Weber disputed that account.", "Anna Weber", ["that account"], Speech.INDIRECT),
    ("“It holds,” said lead builder Anna Weber.", "Anna Weber", ["“It holds,”"], Speech.DIRECT),
    ("The roof, which Anna Weber said was safe, fell in.", "Anna Weber", ["which", "was safe"], Speech.INDIRECT),
    ("The roof, which, Anna Weber said, was safe, fell in.", "Anna Weber", ["which", "was safe"], Speech.INDIRECT),
    ("The roof — which Anna Weber said was safe — fell in.", "Anna Weber", ["which", "was safe"], Speech.INDIRECT),
    ("Anna Weber no longer believes the bridge is safe.", "Anna Weber", ["the bridge is safe"], Speech.INDIRECT),
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


def test_a_second_verb_has_a_content_of_its_own():
    text = "Weber called the plan reckless and promised to stop it."

    assert sorted(contents(text, one) for one in read(text)) == [["the plan reckless"], ["to stop it"]]


def test_who_says_what_others_hope_is_no_part_of_their_hope():
    text = "The club hopes to build a stadium in May, chairman Ali Noor said."

    outer, inner = read(text)

    assert (outer.speaker.name, contents(text, outer)) == ("Ali Noor", ["The club hopes to build a stadium in May"])
    assert (inner.speaker.name, contents(text, inner)) == ("The club", ["to build a stadium in May"])


def test_how_somebody_voiced_hopes_is_no_part_of_them():
    text = "Talks ended as Anna Weber voiced hopes that the bridge would hold by telling workers it was old."

    assert ["the bridge would hold"] in [contents(text, one) for one in read(text)]


def test_a_quotation_between_dashes_stands_for_itself():
    text = "Weber argued that the case was weak — “a few letters,” she said — and that it would fail."

    inner = read(text)[-1]

    assert contents(text, inner) == ["“a few letters,”"]


def test_what_the_reporter_sums_up_ends_the_content():
    text = "Tom Brandt said Ida Lund had asked him to shut the mine, a step he said he would take."

    assert contents(text, read(text)[0]) == ["Ida Lund had asked him to shut the mine"]


DOCUMENTS = [
    ("The court filing says the firm paid three people.", "The court filing", "the firm paid three people"),
    ("A report by the ministry said the mine was unsafe.", "A report by the ministry", "the mine was unsafe"),
    (
        "A memo obtained by the Courier shows the mine was unsafe.",
        "A memo obtained by the Courier",
        "the mine was unsafe",
    ),
    ("The mine is unsafe, a study published on Monday says.", "a study published on Monday", "The mine is unsafe"),
]


@pytest.mark.parametrize(("text", "source", "content"), DOCUMENTS)
def test_a_document_is_a_source(text, source, content):
    [one] = read(text)

    assert (one.speaker.name, contents(text, one)) == (source, [content])


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


ADDRESSED = [
    ("Tom Brandt assured her that he would pay.", "he would pay"),
    ("Tom Brandt promised her that he would pay.", "he would pay"),
    ("Tom Brandt assured her he would pay.", "he would pay"),
    ("Tom Brandt warned Ida Lund that he would not pay.", "he would not pay"),
    ("Tom Brandt assured the council on Monday that he would pay.", "he would pay"),
    ("Tom Brandt reminded them that he would pay.", "he would pay"),
]


@pytest.mark.parametrize(("text", "content"), ADDRESSED)
def test_who_is_told_is_no_part_of_what_is_said(text, content):
    [one] = read(text)

    assert contents(text, one) == [content]
    assert one.kind == Kind.PROMISE


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
    assert one.proposition == "Tom Brandt's company would no longer keep the mine shut"
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
    ("Tom Brandt said his friendship with Ida Lund was over.", "Tom Brandt's friendship with Ida Lund was over"),
    ("Maria Stern said his friendship with Ida Lund was over.", "His friendship with Ida Lund was over"),
    ("Novatek said on Monday it had closed the mine.", "Novatek had closed the mine"),
    ("The company said it would close the mine.", "The company would close the mine"),
    ("Officials praised Tom Brandt. They said he had saved three men.", "Tom Brandt had saved three men"),
    ("Maria Stern met Tom Brandt. Anna Lund said he had saved three men.", "Tom Brandt had saved three men"),
    ("Analysts expect Novatek to shut the mine.", "Novatek will shut the mine"),
    ("Anna Weber wants Novatek to shut the mine.", "Novatek should shut the mine"),
    ("Tom Brandt no longer feels bound by the truce.", "Tom Brandt no longer feels bound by the truce"),
    ("Workers said Tom Brandt's promise to lower rents was kept.", "Tom Brandt would lower rents"),
    ("A plan that critics say will fail was passed.", "A plan will fail"),
    ("Novatek cut 90 jobs, citing high costs.", "Novatek cites high costs"),
    ("Maria Stern expects prices to fall.", "Prices will fall"),
    (
        "The fire service was there on Monday. The fire service said it rained. No one was hurt, it said.",
        "No one was hurt",
    ),
    ("Maria Stern repeated her promise to lower rents.", "Maria Stern would lower rents"),
    ("Maria Stern repeated her promise not to raise fares.", "Maria Stern would not raise fares"),
    ("Tom Brandt spoke. Workers praised his refusal to pay the fine.", "Tom Brandt would pay the fine"),
    ("Tom Brandt spoke. Ida Lund asked him to stay.", "Tom Brandt should stay"),
    ("The roof, which Anna Weber said was safe, fell in.", "The roof was safe"),
]


@pytest.mark.parametrize(("text", "proposition"), PROPOSITIONS)
def test_the_proposition_stands_on_its_own(text, proposition):
    last = read(text)[-1]

    assert last.proposition == proposition


def test_what_somebody_promised_is_said_of_the_one_who_promised():
    outer, inner = read("Tom Brandt spoke on Monday. Anna Lund said he had broken his promise to hold off on layoffs.")

    assert outer.proposition == "Tom Brandt had broken his promise to hold off on layoffs"
    assert [one.name for one in inner.chain] == ["Anna Lund", "Tom Brandt"]
    assert (inner.kind, inner.proposition) == (Kind.PROMISE, "Tom Brandt would hold off on layoffs")


def test_a_decision_that_somebody_defends_is_told_once():
    [own] = read("Tom Brandt defended his decision not to make a compromise.")
    outer, inner = read("Tom Brandt spoke. Anna Lund criticised his decision not to make a compromise.")

    assert (own.speaker.name, outer.speaker.name, inner.speaker.name) == ("Tom Brandt", "Anna Lund", "Tom Brandt")
    assert inner.polarity == Polarity.NEGATED


KINDS = [
    ("Anna Weber said the deficit fell to 3 percent.", Kind.ASSERTION, Polarity.AFFIRMED),
    ("Anna Weber denied that she had taken money.", Kind.ASSERTION, Polarity.NEGATED),
    ("Anna Weber denied that she had not paid.", Kind.ASSERTION, Polarity.AFFIRMED),
    ("Anna Weber refused to pay the fine.", Kind.ASSERTION, Polarity.NEGATED),
    ("Anna Weber said nobody was hurt.", Kind.ASSERTION, Polarity.NEGATED),
    ("“If I'm not ready I will be there,” Anna Weber said.", Kind.PREDICTION, Polarity.AFFIRMED),
    ("“If I'm ready I won't be there,” Anna Weber said.", Kind.PREDICTION, Polarity.NEGATED),
    ("Anna Weber said that if nobody came, the show would end.", Kind.PREDICTION, Polarity.AFFIRMED),
    ("Anna Weber said the show would end if nobody came.", Kind.PREDICTION, Polarity.AFFIRMED),
    ("Anna Weber said rents rose because nobody built.", Kind.ASSERTION, Polarity.AFFIRMED),
    ("Anna Weber said the man, who never slept, was ill.", Kind.ASSERTION, Polarity.AFFIRMED),
    ("Anna Weber said the deal was dead, but nobody knew.", Kind.ASSERTION, Polarity.AFFIRMED),
    ("Anna Weber no longer believes the deal is dead.", Kind.ASSERTION, Polarity.NEGATED),
    ("Anna Weber believes she will win the vote.", Kind.PREDICTION, Polarity.AFFIRMED),
    ("Maria Stern met Tom Brandt. She said he would pay.", Kind.PREDICTION, Polarity.AFFIRMED),
    ("Anna Weber refused to say whether she would stay.", Kind.ASSERTION, Polarity.NEGATED),
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
    "Ida Lund dampened expectations that the bridge would hold.",
    "Things change if the council rejects the plan.",
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
    assert set(READERS.values()) == {"neural-3", "rules-5"}
