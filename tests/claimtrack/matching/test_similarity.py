import pytest

from claimtrack.matching.normalize import proposition
from claimtrack.matching.similarity import Similarity, similarity


def compared(one: str, other: str) -> Similarity:
    return similarity(proposition(one), proposition(other))


def test_the_same_words_are_wholly_alike():
    alike = compared("The council will close every harbour by June", "The council will close every harbour by June")

    assert alike.score == 1.0
    assert alike.is_whole


@pytest.mark.parametrize(
    ("one", "other", "at_least"),
    [
        ("Abdel Fattah al-Sisi opened the canal", "Abdel Fatah al-Sissi opened the canal", 0.9),
        ("The council will reduce harbour fees", "The council plans a reduction of harbour fees", 0.75),
        ("The council will raise harbour fees", "The council will cut harbour fees", 0.95),
        ("Okafor will close the harbour", "President Ada Okafor is going to shut the harbour", 0.9),
        ("Not every harbour will be closed", "Every harbour will be closed", 0.95),
    ],
)
def test_polarity_form_and_spelling_do_not_make_texts_unlike(one, other, at_least):
    assert compared(one, other).score >= at_least


@pytest.mark.parametrize(
    ("one", "other", "at_most"),
    [
        ("The council asked for harbour fees to be cut", "The council may open an office in the harbour", 0.55),
        ("The council will close the harbour", "Rain is expected in the north", 0.05),
        ("Employment rose sharply in Peru", "A policeman in Peru was shot", 0.45),
        ("The council", "The council will close the harbour by June", 0.4),
        ("", "The council will close the harbour", 0.0),
    ],
)
def test_a_shared_topic_is_not_a_shared_proposition(one, other, at_most):
    assert compared(one, other).score <= at_most


def test_similarity_is_the_same_both_ways():
    one, other = "The council will close the harbour by June", "No harbour in Peru was closed by the council"

    assert compared(one, other).score == compared(other, one).score


def test_different_numbers_of_one_unit_clash():
    alike = compared("The economy grew 5.3 % last year", "The economy grew 5.6 % last year")

    assert alike.numbers_clash
    assert not alike.is_whole
    assert "numbers differ: 5.3 % and 5.6 %" in alike.reasons


def test_a_number_that_only_one_gives_differs_but_does_not_clash():
    alike = compared("Unemployment fell", "Unemployment fell to 4.1 percent")

    assert alike.numbers_differ
    assert not alike.numbers_clash


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        ("The port accepts ships", "The port does not accept ships", True),
        ("The port does not accept ships", "The port no longer accepts ships", False),
        ("The port will raise fees", "The port will cut fees", True),
        ("The port will raise fees", "The port will not cut fees", False),
        ("All fees will fall", "Some fees will fall", True),
        ("The port raised fees", "The port lifted the ban on ships, which no one expected", False),
    ],
)
def test_negations_and_opposites_cancel_out(one, other, differs):
    assert compared(one, other).polarity_differs is differs


def test_swapped_names_are_noticed():
    alike = compared("Peru will sue Chile", "Chile will sue Peru")

    assert alike.roles_swapped
    assert not alike.is_whole


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The dog of the mayor bit a nurse", "A nurse bit the dog of the mayor"),
        ("The council closed the harbour", "The council closed the airport"),
        ("The council closed the harbour", "The council considered closing the harbour"),
        ("The president closed the harbour", "The minister closed the harbour"),
        ("All harbours closed", "Some harbours closed"),
    ],
)
def test_what_means_something_else_is_not_whole(one, other):
    assert not compared(one, other).is_whole


def test_reasons_are_words_for_a_reviewer():
    alike = compared("The council will raise harbour fees in March", "The council will cut harbour fees in June")

    assert alike.reasons == (
        "shares: council, raise, harbour, fees",
        "opposites: raise / cut",
        "dates differ: march and june",
    )
