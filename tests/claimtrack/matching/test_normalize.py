import pytest

from claimtrack.matching.normalize import MOST_TERMS, Tense, proposition, search_terms
from claimtrack.matching.quantities import Quantity


def shown(text: str) -> list[str]:
    return [word.shown for word in proposition(text).words]


def concepts(text: str) -> list[str]:
    return [part for word in proposition(text).words for part in sorted(word.parts)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The ministry will close the mine", "The ministry is going to close the mine"),
        ("The ministry will close the mine", "The ministry would close the mine"),
        ("The ministry continues to close the mines", "The ministry keeps closing the mines"),
        ("The ministry keeps on closing the mine", "The ministry closed the mine"),
        ("The ministry will hold off on closures", "The ministry will refrain from closures"),
        ("The ministry can't close the mine", "The ministry can not close the mine"),
        ("The U.S. will sign", "The United States will sign"),
        ("“The ministry’s mine” closed", "the ministry's mine closed"),
    ],
)
def test_one_act_in_other_words_has_the_same_content(one, other):
    assert concepts(one) == concepts(other)


def test_continuing_and_keeping_are_content_where_no_verb_follows():
    assert "continue" in shown("Talks will continue")
    assert "keep" in shown("The ministry will keep the mine")


@pytest.mark.parametrize(
    ("text", "quantities"),
    [
        ("grew 5.3 %", [Quantity(5.3, "%")]),
        ("grew by 5.3 per cent", [Quantity(5.3, "%")]),
        ("cost $3 million", [Quantity(3e6, "$")]),
        ("cost three million dollars", [Quantity(3e6, "$")]),
        ("cost 1,250,000 euros", [Quantity(1.25e6, "€")]),
        ("fired twenty two rockets", [Quantity(22, "rocket")]),
        ("half a million voters", [Quantity(1e6, "voter")]),
        ("within 90 days", [Quantity(90, "day")]),
        ("one of the ministers", []),
        ("elected in 2019", []),
        ("on 4 May 2019", []),
    ],
)
def test_numbers_are_read_with_scale_and_unit(text, quantities):
    assert list(proposition(text).quantities) == quantities


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("It opens in March", {"march"}),
        ("They march on", set()),
        ("It may open", set()),
        ("It opens on 4 May 2019", {"day 4", "may", "2019"}),
        ("It opened last year", {"last year"}),
        ("It opens before autumn", {"autumn"}),
    ],
)
def test_times_are_read_apart_from_words(text, dates):
    assert proposition(text).dates == dates


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("The port will not accept ships", {"accept", "ships"}),
        ("The port will no longer accept ships", {"accept", "ships"}),
        ("The port won't accept ships", {"accept", "ships"}),
        ("The port refused to accept ships", {"accept", "ships"}),
        ("The port ruled out accepting ships", {"accepting", "ships"}),
        ("The port will stop accepting ships", {"accepting", "ships"}),
        ("The port never accepted ships", {"accepted", "ships"}),
        ("No ships reach the port", {"ships", "reach", "port"}),
        ("The port will not fail to accept ships", set()),
        ("The port will not only accept ships", set()),
        ("The port will not accept ships until March", set()),
        ("The port does not accept ships, but ferries dock", {"accept", "ships"}),
        ("The port will accept ships", set()),
    ],
)
def test_a_negation_reaches_to_the_end_of_its_clause(text, negated):
    assert {word.shown for word in proposition(text).words if word.negated} == negated


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Kim Yo-jong met Park Geun Hye", [{"kim", "yo", "jong"}, {"park", "geun", "hye"}]),
        ("The US and Peru agreed", [{"united states"}, {"peru"}]),
        ("Sanctions hurt Peru", [{"peru"}]),
        ("Okafor resigned", [{"okafor"}]),
        ("President Ada Okafor resigned", [{"ada", "okafor"}]),
        ("Okafor-led talks failed", [{"okafor"}]),
    ],
)
def test_names_are_told_from_words(text, names):
    assert [set(word.parts) for word in proposition(text).words if word.is_name] == names


@pytest.mark.parametrize(
    ("text", "tense"),
    [
        ("The port will close", Tense.FUTURE),
        ("The port is going to close", Tense.FUTURE),
        ("The port closed", Tense.PAST),
        ("The port has kept its staff", Tense.PAST),
        ("The port is closed", Tense.PRESENT),
        ("The port closes", Tense.PRESENT),
    ],
)
def test_the_tense_is_that_of_the_first_verb(text, tense):
    assert proposition(text).tense is tense


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("The port might close", {"hedged"}),
        ("The port should close", {"wished"}),
        ("The port will close if ships stay away", {"conditional"}),
        ("Will the port close?", {"questioned"}),
        ("The port will close", set()),
    ],
)
def test_marks_say_how_firmly_it_is_held(text, marks):
    assert proposition(text).marks == marks


@pytest.mark.parametrize("text", ["", " ", "…", "\x00", "🚢", "'s", "-", "100 %", "a" * 100_000, "no " * 10_000])
def test_any_text_can_be_laid_open(text):
    assert proposition(text).size <= 250


def test_search_terms_leave_out_stop_words_and_the_speaker():
    terms = search_terms("Ada Okafor would see the harbour of Lagos closed for 90 days", without=["Ada Okafor"])

    assert set(terms) == {"see", "harbour", "lagos", "closed", "90"}
    assert terms[0] == "lagos"


def test_search_terms_bring_the_dictionary_form_of_irregular_words():
    assert {"fell", "fall"} <= set(search_terms("Unemployment fell"))


def test_search_terms_are_bounded():
    letters = "abcdefghijklmnopqrstuvwxyz"
    text = " ".join(f"harbour{one}{other}" for one in "ab" for other in letters)
    assert len(search_terms(text)) == MOST_TERMS
