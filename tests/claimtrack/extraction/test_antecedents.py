"""What speaks for those whom a pronoun or a description may mean, and the choice among them."""

import pytest

from claimtrack.extraction.antecedents import (
    Naming,
    Weights,
    fitting,
    likeliest,
    place_signs,
    pronoun_signs,
    surely_fitting,
)
from claimtrack.extraction.attribution import SpeakerKind
from claimtrack.extraction.described import Described, is_certain_one
from claimtrack.extraction.genders import Gender
from claimtrack.extraction.names import Entity
from claimtrack.extraction.sentences import prepare
from claimtrack.extraction.words import tokenize

WEIGHTS = Weights({"near": 1.0, "far": -1.0, "subject": 0.5})


def person(name: str, **known: object) -> Entity:
    return Entity(name, SpeakerKind.PERSON, names=[name], **known)


def test_several_namings_of_one_count_together():
    ann, joe = person("Ann Lee"), person("Joe Bell")
    options = [(ann, [("near",)]), (joe, [("near", "subject")]), (ann, [("near",), ("far", "near")])]

    choice = likeliest(tokenize("They")[0], options, WEIGHTS)

    assert choice.entity is ann
    assert choice.likelihood == pytest.approx(0.548, abs=0.001)


def test_a_sign_that_was_never_seen_weighs_nothing():
    assert WEIGHTS.of(("near", "unheard of")) == 1.0


PLACES = [
    ("Lund left.", {"named", "opens", "turns to", "subject"}),
    ("Lund said it rained.", {"named", "opens", "turns to", "subject", "says"}),
    ("The guest, Lund, left.", {"named", "opens", "turns to", "subject"}),
    ("Bees followed Lund.", {"named", "opens", "turns to", "object"}),
    ("It rained, said Lund.", {"named", "said by"}),
    ("It rained, as she flew to the bees with Lund.", {"named", "after preposition"}),
    ("Lund's bees left.", {"named", "opens", "turns to", "owner"}),
    ("“Bees,” she said, “know Lund.”", {"named", "quoted"}),
]


@pytest.mark.parametrize(("text", "signs"), PLACES)
def test_the_place_of_a_name_is_told(text, signs):
    prepared = prepare(text)
    first = next(i for i, token in enumerate(prepared.tokens) if token.text == "Lund")

    assert set(place_signs(prepared, Naming.NAMED, (first, first, first + 1), 0, turns=True)) == signs


FITTING = [
    ("he", person("Joe Bell", gender=Gender.MALE), True, True),
    ("he", person("Robin Bell", gender=Gender.FEMALE, is_guessed=True), True, False),
    ("he", person("Mrs Bell", gender=Gender.FEMALE), False, False),
    ("he", Entity("Corvane", SpeakerKind.ORGANISATION), False, False),
    ("it", Entity("Corvane", SpeakerKind.ORGANISATION), True, True),
    ("it", person("Corvane"), True, False),
]


@pytest.mark.parametrize(("low", "entity", "may", "must"), FITTING)
def test_a_guess_keeps_nobody_from_being_meant(low, entity, may, must):
    fits, surely = fitting(low), surely_fitting(low)

    assert fits is not None
    assert surely is not None
    assert (fits(entity), surely(entity)) == (may, must)


GENDERS = [
    (person("Joe Bell", gender=Gender.MALE), "he", ("gender told",)),
    (person("Joe Bell", gender=Gender.MALE, is_guessed=True), "he", ("name agrees",)),
    (person("Joe Bell", gender=Gender.MALE, is_guessed=True, leans=1), "she", ("clause agrees", "name differs")),
    (person("Bell"), "she", ("one word",)),
    (person("Oyin Bell", mentions=1), "she", ("named once",)),
    (Entity("the nurse", SpeakerKind.UNNAMED), "she", ("unnamed",)),
    (person("Corvane"), "it", ("perhaps a person",)),
]


@pytest.mark.parametrize(("entity", "low", "signs"), GENDERS)
def test_what_is_known_of_somebody_speaks_for_a_pronoun(entity, low, signs):
    assert pronoun_signs(entity, low) == signs


DESCRIBED = [
    (person("Ida Lund", roles={"mayor"}), ("only holder",)),
    (person("Mayor Lund"), ("in name", "unknown")),
    (person("Ida Lund", roles={"judge"}), ("other role",)),
    (person("Ida Lund", gender=Gender.FEMALE), ("no role",)),
    (Entity("a mayor", SpeakerKind.UNNAMED), ("described so",)),
]


@pytest.mark.parametrize(("entity", "signs"), DESCRIBED)
def test_what_somebody_is_called_speaks_for_a_description(entity, signs):
    tokens = tokenize("The mayor said it rained.")

    described = Described.of(tokens, (0, 2), 2, [entity])

    assert described.signs(entity) == signs


def test_nobody_of_another_age_or_gender_is_described():
    tokens = tokenize("The 54-year-old chairwoman said it rained.")

    described = Described.of(tokens, (0, 5), 5, [])

    assert (described.age, described.gender) == ("54", Gender.FEMALE)
    assert [described.fits(person("X", age=age, gender=gender)) for age, gender in (
        ("54", Gender.FEMALE), ("", Gender.UNKNOWN), ("61", Gender.FEMALE), ("54", Gender.MALE)
    )] == [True, True, False, False]  # fmt: skip


@pytest.mark.parametrize(
    ("phrase", "is_one"),
    [("The mayor", True), ("His deputy", True), ("A nurse", False), ("The mayors", False), ("Lund's lawyer", False)],
)
def test_a_description_means_one_who_is_certain(phrase, is_one):
    tokens = tokenize(f"{phrase} said it rained.")

    assert is_certain_one(tokens, (0, len(tokenize(phrase))), SpeakerKind.UNNAMED) == is_one
