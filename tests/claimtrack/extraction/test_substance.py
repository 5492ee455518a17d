"""Whether anything is said, on findings written by hand: "source | cue | content"."""

from dataclasses import replace

import pytest

from claimtrack.extraction import Engine, read_statements
from claimtrack.extraction.attribution import statements_among
from claimtrack.extraction.cuefinding import find_cues
from claimtrack.extraction.findings import Finding
from claimtrack.extraction.sentences import prepare
from claimtrack.extraction.substance import is_thing, says_something

SAID = [
    "Lund | said | prices had risen",
    "Lund | said | “a disgrace”",
    "Lund | promised | new trams",
    "Lund | condemned | the launch",
    "Lund | demands | a full report on the fire",
    "Lund | expects | sales of two hundred buses",
    "Neighbours | report | two loud bangs before dawn",
    "Lund | was not willing | to do that",
    "Lund | made clear | he was willing to wait",
    "Lund | repeated his fears that | prices would rise",
    "Lund | rejected claims that | prices would rise",
    "The firm | did not rule out | a sale",
    "Lund | says in a letter | whether the tests go on",
    "Lund | according to | the harvest of the year",
]
NOT_SAID = [
    "Lund | made little mention of | the tests",
    "Lund | offered | no time frame",
    "Lund | has not mentioned | the affair",
    "Lund | said | little about the plan of the council",
    "The council | looked at | the plan",
    "Lund | told of | this",
    "Few | believed | him",
    "Lund | has known | Berg for some twenty years",
    "Lund | asked about | the tests in an interview last night",
    "The ministers | offered hopeful words at | a summit focused on arms",
    "The strike | stoked fears that | prices would rise",
    "Berg | tamped down expectations that | talks would end the strike",
]


def finding(written):
    phrases = [phrase.strip() for phrase in written.split("|")]
    prepared = prepare(" ".join(phrases) + ".")
    ranges, at = [], 0
    for phrase in phrases:
        size = len(prepare(phrase).tokens)
        ranges.append((at, at + size))
        at += size
    source, cue, content = ranges
    whole = next((match for match in find_cues(prepared.tokens, *cue) if match.last == cue[1]), None)
    if whole is None:
        return prepared, Finding(source, cue, [content])
    return prepared, Finding(source, cue, [content], cue=whole.cue, negated=whole.negated)


@pytest.mark.parametrize("written", SAID)
def test_words_stances_promises_and_wishes_say_something(written):
    assert says_something(*finding(written))


@pytest.mark.parametrize("written", NOT_SAID)
def test_talk_that_is_only_told_of_says_nothing(written):
    assert not says_something(*finding(written))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("the plan of the council", True),
        ("a summit focused on arms", True),
        ("the proposed rules for ferries", True),
        ("a report seen by the paper", True),
        ("the man who runs the port", True),
        ("arms in his opening remarks", True),
        ("prices had risen", False),
        ("the council will meet", False),
        ("to wait for the vote", False),
        ("not to wait", False),
        ("whether it rains", False),
        ("that the port closed", False),
    ],
)
def test_a_noun_phrase_is_told_from_a_clause(words, expected):
    tokens = prepare(words).tokens

    assert is_thing(tokens, (0, len(tokens))) == expected


def test_of_what_is_read_only_that_is_a_statement_in_which_something_is_said():
    text = "Anna Weber said rents would fall. She has not mentioned the bridge. She denied the charge."

    read = read_statements(text, engine=Engine.RULES)

    assert [one.is_statement for one in read] == [True, False, True]
    assert [one.proposition for one in statements_among(read)] == ["Rents would fall", "Anna Weber denied the charge"]


def test_what_was_said_inside_talk_that_is_no_statement_moves_to_what_is_around_it():
    [said] = read_statements("Anna Weber said rents would fall.", engine=Engine.RULES)
    talk = replace(said, nested_in=0, is_statement=False)
    inside = replace(said, nested_in=1)

    assert statements_among([said, talk, inside]) == [said, replace(said, nested_in=0)]
    assert statements_among([replace(talk, nested_in=None), said, inside]) == [said, replace(said, nested_in=0)]
