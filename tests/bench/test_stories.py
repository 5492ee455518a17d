"""Our own stories for matching are as the format has them, and there are enough of each kind."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from bench.matching.stories import HALVES, OWN_STORIES, Basis, Stance, StoryError, own_stories, read_story, totals

AT_LEAST = {
    "stories": 4,
    "articles": 18,
    "statements": 90,
    "same-claim pairs": 30,
    **{stance.value: 8 for stance in Stance},
}

BAKER = {"text": "The bridge will open in May 2030", "speaker": "Ada Baker", "kind": "promise", "due_on": "2030-05-31"}
COOK = {"text": "The bridge will not open in May 2030", "speaker": "Bo Cook", "kind": "prediction", "due_on": None}


def story() -> dict[str, Any]:
    """Baker promises a bridge, Cook doubts it, Baker promises it again."""
    return {
        "title": "A bridge",
        "country": "Norway",
        "basis": "invented",
        "claims": {"opens": dict(BAKER), "late": dict(COOK)},
        "articles": [
            article("a1", "2030-01-02", ["opens", "It opens in May,", "late", "It will be late,"]),
            article("a2", "2030-02-03", ["opens", "May is certain,"]),
        ],
    }


def article(name: str, day: str, sayings: list[str]) -> dict[str, Any]:
    claims = {"opens": BAKER, "late": COOK}
    statements = [
        {
            "speaker": claims[key]["speaker"],
            "content": words,
            "kind": claims[key]["kind"],
            "said_on": day,
            "claim": key,
            "bears_on": [],
        }
        for key, words in zip(sayings[::2], sayings[1::2], strict=True)
    ]
    if len(statements) == 2:
        statements[1]["bears_on"] = [{"claim": "opens", "stance": "contradicts"}]
    else:
        statements[0]["bears_on"] = [{"claim": "late", "stance": "contradicts"}]
    return {
        "id": name,
        "publisher": "The Ford",
        "url": f"https://ford.example/{name}",
        "title": "Bridge",
        "published_on": day,
        "text": " ".join(f"{words} somebody said." for words in sayings[1::2]),
        "statements": statements,
    }


def first(given: dict[str, Any]) -> dict[str, Any]:
    return given["articles"][0]["statements"][0]


def doubt(given: dict[str, Any]) -> dict[str, Any]:
    return given["articles"][0]["statements"][1]


def last(given: dict[str, Any]) -> dict[str, Any]:
    return given["articles"][1]["statements"][0]


def test_there_are_enough_stories_of_each_half():
    counts = {half: totals(own_stories(half)) for half in HALVES}

    rows = [f"{name:18}" + "".join(f"{counts[half][name]:10}" for half in HALVES) for name in AT_LEAST]
    table = "\n".join([" " * 18 + "".join(f"{half:>10}" for half in HALVES), *rows])
    short = [(half, name) for half in HALVES for name, least in AT_LEAST.items() if counts[half][name] < least]
    assert short == [], f"\n{table}"
    assert sum(counts[half]["articles"] for half in HALVES) >= 36, f"\n{table}"


@pytest.mark.parametrize("half", HALVES)
def test_half_of_the_stories_are_of_public_facts_and_take_months(half):
    stories = own_stories(half)

    basis = Counter(story.basis for story in stories)
    assert basis[Basis.PUBLIC] * 2 >= basis.total()
    assert min((story.articles[-1].published_on - story.articles[0].published_on).days for story in stories) > 60


def test_a_story_is_read_as_it_is_written(tmp_path):
    given = story()
    first(given)["content"] = ["It opens", "in May,"]

    read = read_story(written(tmp_path, given))

    promise, denial, again = read.statements
    text = read.articles[0].text
    assert [text[start:end] for start, end in promise.content] == ["It opens", "in May,"]
    assert [one.makes for one in read.statements] == [True, True, False]
    assert (promise.bears_on, denial.bears_on) == ({}, {"opens": Stance.CONTRADICTS})
    assert again.bears_on == {"late": Stance.CONTRADICTS}
    assert totals([read])["same-claim pairs"] == 1


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda given: given.update(mood="grim"), "held_out/bridge: unknown keys: mood"),
        (lambda given: given.pop("country"), "held_out/bridge: missing keys: country"),
        (lambda given: given.update(title=7), "title is not of its type"),
        (lambda given: given.update(title=""), "title is empty"),
        (lambda given: given.update(basis="rumour"), "unknown basis: rumour"),
        (lambda given: given["claims"].update(spare=dict(BAKER)), "claim spare: nobody says it"),
        (lambda given: given["claims"]["opens"].update(due_on="May"), "claim opens: not a day: May"),
        (lambda given: given["claims"]["opens"].update(due_on="2029-05-31"), "claim opens: due before it was first"),
        (lambda given: given["articles"][1].update(id="a1"), "two articles have the same id"),
        (lambda given: given["articles"].reverse(), "article a2, statement 1: bears on late, which nobody has said"),
        (lambda given: given["articles"][0].update(published_on="2030-03-01"), "article a2: published before the one"),
        (
            lambda given: first(given).update(said_on="2030-01-03"),
            "article a1, statement 1: said after it was published",
        ),
        (lambda given: first(given).update(content="in June"), "statement 1: content does not occur exactly once"),
        (lambda given: first(given).update(content="somebody said"), "content does not occur exactly once"),
        (
            lambda given: first(given).update(content=["in May,", "It opens"]),
            "parts of the content are not in the order",
        ),
        (lambda given: first(given).update(content=[]), "parts of the content are not in the order"),
        (lambda given: given["articles"][0]["statements"].reverse(), "which nobody has said before"),
        (lambda given: first(given).update(content="late, somebody"), "statements are not in the order"),
        (lambda given: first(given).update(claim="closes"), "says a claim that is missing: closes"),
        (lambda given: first(given).update(speaker="Bo Cook"), "the claim's speaker is Ada Baker"),
        (lambda given: first(given).update(kind="demand"), "the claim's kind is promise"),
        (lambda given: doubt(given)["bears_on"][0].update(claim="closes"), "bears on a claim that is missing: closes"),
        (lambda given: doubt(given)["bears_on"][0].update(claim="late"), "bears on the claim that it says"),
        (lambda given: doubt(given)["bears_on"][0].update(stance="doubts"), "unknown stance: doubts"),
        (lambda given: doubt(given)["bears_on"][0].update(stance="revises"), "revises opens, which is of another"),
        (lambda given: doubt(given)["bears_on"].append(doubt(given)["bears_on"][0]), "bears on opens twice"),
        (lambda given: last(given).update(bears_on=[]), "article a2, statement 1: does not contradict late"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path, spoil: Callable[[dict[str, Any]], object], complaint: str):
    given = story()
    spoil(given)

    with pytest.raises(StoryError) as refused:
        read_story(written(tmp_path, given))

    assert complaint in str(refused.value)


@pytest.mark.parametrize("stances", [(None, "supports"), ("supports", None), ("supports", "reports_outcome")])
def test_repetitions_bear_alike_on_what_came_before_them(tmp_path, stances):
    given = story()
    given["articles"][1]["statements"] = []
    for name, stance in zip(("a3", "a4"), stances, strict=True):
        repeated = article(name, "2030-03-04", ["late", "It will not open,"])
        bearing = {"claim": "opens", "stance": stance}
        repeated["statements"][0]["bears_on"] = [bearing] if stance else []
        given["articles"].append(repeated)
    given["articles"][0]["statements"].pop()

    with pytest.raises(StoryError, match="article a4, statement 1: does not bear on opens as an earlier"):
        read_story(written(tmp_path, given))


def written(tmp_path, given):
    path = tmp_path / "held_out" / "bridge.json"
    path.parent.mkdir()
    path.write_text(json.dumps(given), encoding="utf-8")
    return path


def test_the_stories_lie_where_they_are_looked_for():
    assert {path.name for path in OWN_STORIES.iterdir()} == {"README.md", *HALVES}
