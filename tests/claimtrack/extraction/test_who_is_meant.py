"""Whom pronouns and descriptions mean: by age, by office, by what the clause says, by who stands near."""

from functools import partial

import pytest

from claimtrack import extraction
from claimtrack.extraction import Engine
from claimtrack.extraction.ages import age_beside
from claimtrack.extraction.attribution import SpeakerKind
from claimtrack.extraction.descriptions import bodies_described
from claimtrack.extraction.genders import Gender
from claimtrack.extraction.names import find_mentions
from claimtrack.extraction.pronouns_after import gender_told
from claimtrack.extraction.words import tokenize

read_statements = partial(extraction.read_statements, engine=Engine.RULES)

AGES = [
    ("Ann Lee, 54, left.", "54"),
    ("Ann Lee (54) left.", "54"),
    ("Ann Lee, who is 54, left.", "54"),
    ("Ann Lee, aged 54, left.", "54"),
    ("Ann Lee is 54 and grows plums.", "54"),
    ("Ann Lee, a 54-year-old nurse, left.", "54"),
    ("The 54-year-old nurse Ann Lee left.", "54"),
    ("Ann Lee, 2, left.", ""),
    ("Ann Lee is 54 kilometres away.", ""),
    ("Ann Lee left.", ""),
]


@pytest.mark.parametrize(("text", "age"), AGES)
def test_an_age_stands_beside_the_name(text, age):
    tokens = tokenize(text)
    first = next(i for i, token in enumerate(tokens) if token.text == "Ann")

    assert age_beside(tokens, first, (first, first + 2)) == age


GENDERS = [
    ("Kell lost her keys.", Gender.FEMALE),
    ("Kell said he was late.", Gender.MALE),
    ("Kell's husband left.", Gender.FEMALE),
    ("Kell asked her to go.", Gender.UNKNOWN),
    ("Kell praised his plan.", Gender.UNKNOWN),
    ("Kell would win, she said.", Gender.UNKNOWN),
    ("Kell and his dog left.", Gender.UNKNOWN),
]


@pytest.mark.parametrize(("text", "gender"), GENDERS)
def test_the_rest_of_the_clause_tells_the_gender_of_its_subject(text, gender):
    assert gender_told(tokenize(text), 0, 1) == gender


NAMES = [
    ("Ann Lee KC left.", "Ann Lee"),
    ("Brigadier Joe Bell left.", "Joe Bell"),
    ("Superintendent Joe Bell left.", "Joe Bell"),
]


@pytest.mark.parametrize(("text", "name"), NAMES)
def test_honours_and_ranks_are_no_part_of_the_name(text, name):
    [mention] = find_mentions(tokenize(text))

    assert mention.entity.name == name


def test_the_second_half_of_a_name_with_two_surnames_is_enough():
    text = "Owen Lloyd-Jones met voters. Lloyd-Jones said it rained."

    assert [one.speaker.name for one in read_statements(text)] == ["Owen Lloyd-Jones"]


def test_a_place_is_not_described_by_what_follows_it():
    text = "Joe Bell was born in St Anne, the son of a cooper. He said it rained."

    assert [one.speaker.name for one in read_statements(text)] == ["Joe Bell"]


PRONOUNS = [
    pytest.param(
        "Joe Bell met voters.\n\nBell would come in May, he said.",
        "Joe Bell",
        id="who is the subject may say it himself",
    ),
    pytest.param(
        "Eva Lind said it rained. Ida Holm wept. Holm complains. “It snowed,” she says.",
        "Ida Holm",
        id="a verb of saying beside the name counts",
    ),
]


@pytest.mark.parametrize(("text", "speaker"), PRONOUNS)
def test_a_pronoun_means_whom_the_sentences_around_it_speak_for(text, speaker):
    assert read_statements(text)[-1].speaker.name == speaker


DESCRIPTIONS = [
    ("Ida Lund, 61, met Eva Holm, 33. Holm said it rained. The 61-year-old said it snowed.", "Ida Lund"),
    ("Ida Lund, 61, met Eva Holm. Lund said it rained. The 33-year-old said it snowed.", "Eva Holm"),
    ("The guest, Ida Lund, was the first witness. Joe Bell said it rained. The witness said it snowed.", "Ida Lund"),
    ("Ida Lund came late. Lund said it rained. The student said it snowed.", "Ida Lund"),
    ("Kenyan runner Ben Kiptoo met Swedish runner Lars Ek. Ek smiled. The Kenyan said it rained.", "Ben Kiptoo"),
    ("Ida Lund, who leads the inquiry, said it rained. The prosecutor said it snowed.", "Ida Lund"),
    ("Ida Lund, president of Corvane, spoke. The company said it rained.", "Corvane"),
    ("Joe Bell, who heads the beekeepers' association, spoke. The association said it rained.",
     "the beekeepers' association"),
    ("His tenant, retired teacher Ida Lund, said it rained.", "Ida Lund"),
    ("Ida Lund and Eva Holm said it rained. The two women said it snowed.", "Ida Lund and Eva Holm"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "speaker"), DESCRIPTIONS)
def test_a_description_means_whom_it_fits(text, speaker):
    assert read_statements(text)[-1].speaker.name.lower() == speaker.lower()


def test_a_firm_is_known_by_who_runs_it():
    [one] = read_statements("Ida Lund, chief executive of Corvane, left. Corvane said it rained.")

    assert (one.speaker.name, one.speaker.kind) == ("Corvane", SpeakerKind.ORGANISATION)


def test_bodies_that_are_told_from_others_are_found():
    tokens = tokenize("She chairs the beekeepers' association. The council met the parish council of Ulm.")

    found = [" ".join(token.text for token in tokens[first:last]) for first, last in bodies_described(tokens)]

    assert found == ["the beekeepers ' association", "the parish council"]
