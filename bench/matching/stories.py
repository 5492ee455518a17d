"""Stories told over months, with what each statement says and bears on (format: `tests/data/stories/README.md`)."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from claimtrack.extraction.attribution import Kind, Span

OWN_STORIES = Path(__file__).parents[2] / "tests" / "data" / "stories"
HALVES = ("tuned", "held_out")


class StoryError(ValueError):
    """A story breaks the format; says which story, article and statement."""


class Stance(StrEnum):
    """How a statement bears on a claim that it does not say itself."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    REVISES = "revises"
    REPORTS_OUTCOME = "reports_outcome"


class Basis(StrEnum):
    PUBLIC = "public"
    INVENTED = "invented"


@dataclass(frozen=True, slots=True)
class Claim:
    """A proposition of one speaker that the story follows."""

    key: str
    text: str
    speaker: str
    kind: Kind
    due_on: date | None


class Says(Protocol):
    """What is known of a saying: the claim that it says, and its stance to others by key."""

    @property
    def claim(self) -> str: ...
    @property
    def bears_on(self) -> Mapping[str, Stance]: ...


@dataclass(frozen=True, slots=True)
class Statement:
    """One saying: where its words stand in the article's text, the claim it says, and the stance to others by key.

    The first statement of a claim in its story makes it (`makes`), every later one repeats it.
    """

    speaker: str
    content: tuple[Span, ...]
    kind: Kind
    said_on: date | None
    claim: str
    makes: bool
    bears_on: Mapping[str, Stance]


@dataclass(frozen=True, slots=True)
class Article:
    id: str
    publisher: str
    url: str
    title: str
    published_on: date
    text: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """Articles in the order in which they appeared, and the claims in them by key."""

    name: str
    title: str
    country: str
    basis: Basis
    claims: Mapping[str, Claim]
    articles: tuple[Article, ...]

    @property
    def statements(self) -> list[Statement]:
        return [statement for article in self.articles for statement in article.statements]


def own_stories(half: str) -> list[Story]:
    """Read one half of our own set. Raises StoryError for a story that breaks the format."""
    return [read_story(path) for path in sorted((OWN_STORIES / half).glob("*.json"))]


def read_story(path: Path) -> Story:
    """Read one story and check it. Raises StoryError for the first thing that is wrong."""
    place = f"{path.parent.name}/{path.stem}"
    given = _fields(json.loads(path.read_text(encoding="utf-8")), STORY, place)
    claims = {key: _claim(key, one, f"{place}, claim {key}") for key, one in given["claims"].items()}
    made: dict[str, Statement] = {}
    articles = tuple(_article(one, claims, made, place) for one in given["articles"])
    story = Story(
        name=path.stem,
        title=given["title"],
        country=given["country"],
        basis=one_of(Basis, given["basis"], place),
        claims=claims,
        articles=articles,
    )
    _check_order(story, place)
    _check_claims(story, place)
    check_agreement(_places(story, place))
    return story


def totals(stories: Sequence[Story]) -> Counter[str]:
    """Count stories, articles, statements, pairs of statements with the same claim, and bearings by stance."""
    counts = Counter(stories=len(stories))
    for story in stories:
        said = Counter(statement.claim for statement in story.statements)
        counts["articles"] += len(story.articles)
        counts["statements"] += said.total()
        counts["same-claim pairs"] += sum(times * (times - 1) // 2 for times in said.values())
        counts.update(stance.value for statement in story.statements for stance in statement.bears_on.values())
    return counts


STORY = {"title": str, "country": str, "basis": str, "claims": dict, "articles": list}
CLAIM = {"text": str, "speaker": str, "kind": str, "due_on": str | None}
ARTICLE = {
    "id": str,
    "publisher": str,
    "url": str,
    "title": str,
    "published_on": str,
    "text": str,
    "statements": list,
}
STATEMENT = {
    "speaker": str,
    "content": str | list,
    "kind": str,
    "said_on": str | None,
    "claim": str,
    "bears_on": list,
}
BEARING = {"claim": str, "stance": str}


def _claim(key: str, given: object, place: str) -> Claim:
    fields = _fields(given, CLAIM, place)
    due_on = day(fields["due_on"], place) if fields["due_on"] else None
    return Claim(key, fields["text"], fields["speaker"], one_of(Kind, fields["kind"], place), due_on)


def _article(given: object, claims: Mapping[str, Claim], made: dict[str, Statement], story: str) -> Article:
    """Read an article; claims that it says for the first time join those `made`."""
    fields = _fields(given, ARTICLE, f"{story}, an article")
    place = f"{story}, article {fields['id']}"
    published_on = day(fields["published_on"], place)
    statements = []
    for number, one in enumerate(fields["statements"], 1):
        where = f"{place}, statement {number}"
        statement = _statement(one, fields["text"], claims, made, where)
        demand(statement.said_on is None or statement.said_on <= published_on, where, "said after it was published")
        made.setdefault(statement.claim, statement)
        statements.append(statement)
    starts = [statement.content[0][0] for statement in statements]
    demand(starts == sorted(starts), place, "statements are not in the order of the text")
    return Article(**{**fields, "published_on": published_on, "statements": tuple(statements)})


def _statement(
    given: object, text: str, claims: Mapping[str, Claim], made: Mapping[str, Statement], place: str
) -> Statement:
    fields = _fields(given, STATEMENT, place)
    demand(fields["claim"] in claims, place, f"says a claim that is missing: {fields['claim']}")
    claim = claims[fields["claim"]]
    demand(fields["speaker"] == claim.speaker, place, f"the claim's speaker is {claim.speaker}")
    kind = one_of(Kind, fields["kind"], place)
    demand(kind == claim.kind, place, f"the claim's kind is {claim.kind}")
    bears_on: dict[str, Stance] = {}
    for one in fields["bears_on"]:
        bearing = _fields(one, BEARING, place)
        other, stance = bearing["claim"], one_of(Stance, bearing["stance"], place)
        demand(other in claims, place, f"bears on a claim that is missing: {other}")
        demand(other != claim.key, place, "bears on the claim that it says")
        demand(other in made, place, f"bears on {other}, which nobody has said before")
        demand(other not in bears_on, place, f"bears on {other} twice")
        its_own = claims[other].speaker == claim.speaker
        demand(stance is not Stance.REVISES or its_own, place, f"revises {other}, which is of another speaker")
        bears_on[other] = stance
    return Statement(
        speaker=claim.speaker,
        content=_spans(text, fields["content"], place),
        kind=kind,
        said_on=day(fields["said_on"], place) if fields["said_on"] else None,
        claim=claim.key,
        makes=claim.key not in made,
        bears_on=bears_on,
    )


def _spans(text: str, content: str | list[str], place: str) -> tuple[Span, ...]:
    parts = [content] if isinstance(content, str) else content
    for part in parts:
        demand(
            isinstance(part, str) and part != "" and text.count(part) == 1,
            place,
            f"content does not occur exactly once: {part!r}",
        )
    spans = [(text.index(part), text.index(part) + len(part)) for part in parts]
    in_order = all(before[1] <= after[0] for before, after in pairwise(spans))
    demand(bool(spans) and in_order, place, "parts of the content are not in the order of the text")
    return tuple(spans)


def _check_order(story: Story, place: str) -> None:
    for before, article in pairwise(story.articles):
        in_order = before.published_on <= article.published_on
        demand(in_order, f"{place}, article {article.id}", "published before the one above it")
    for name in ("id", "url"):
        values = [getattr(article, name) for article in story.articles]
        demand(len(set(values)) == len(values), place, f"two articles have the same {name}")


def _check_claims(story: Story, place: str) -> None:
    said = {statement.claim for statement in story.statements}
    for key, claim in story.claims.items():
        where = f"{place}, claim {key}"
        demand(key in said, where, "nobody says it")
        days = [one.said_on for one in story.statements if one.claim == key and one.said_on]
        due_on = claim.due_on
        demand(due_on is None or not days or min(days) <= due_on, where, "due before it was first said")


def _places(story: Story, place: str) -> Iterator[tuple[str, Statement]]:
    for article in story.articles:
        for number, statement in enumerate(article.statements, 1):
            yield f"{place}, article {article.id}, statement {number}", statement


def check_agreement(told: Iterable[tuple[str, Says]]) -> None:
    """Statements of one claim bear alike on whatever was made before the earlier of them; contradiction is mutual.

    Takes the statements in the order of telling, each with its place. Raises StoryError.
    """
    bearings: dict[str, dict[str, Stance]] = {}  # of each claim made so far, by all its statements so far
    known: dict[str, set[str]] = {}  # the claims that were made when this one was last said
    for where, statement in told:
        earlier = bearings.setdefault(statement.claim, {})
        for other in known.get(statement.claim, set()) - {statement.claim}:
            alike = statement.bears_on.get(other) is earlier.get(other)
            demand(alike, where, f"does not bear on {other} as an earlier statement of its claim does")
        for other, theirs in bearings.items():
            opposed = theirs.get(statement.claim) is Stance.CONTRADICTS
            mutual = not opposed or statement.bears_on.get(other) is Stance.CONTRADICTS
            demand(mutual, where, f"does not contradict {other}, which contradicts it")
        earlier.update(statement.bears_on)
        known[statement.claim] = set(bearings)


def _fields(given: object, expected: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Check that exactly the expected keys are there, with values of their types."""
    if not isinstance(given, dict):
        raise StoryError(f"{place}: not an object")
    unknown, missing = sorted(given.keys() - expected.keys()), sorted(expected.keys() - given.keys())
    demand(not unknown, place, f"unknown keys: {', '.join(unknown)}")
    demand(not missing, place, f"missing keys: {', '.join(missing)}")
    for key, type_ in expected.items():
        demand(isinstance(given[key], type_), place, f"{key} is not of its type")
        demand(given[key] != "", place, f"{key} is empty")
    return given


def one_of[T: StrEnum](choices: type[T], given: str, place: str) -> T:
    demand(given in {choice.value for choice in choices}, place, f"unknown {choices.__name__.lower()}: {given}")
    return choices(given)


def day(given: str, place: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise StoryError(f"{place}: not a day: {given}") from None


def demand(holds: bool, place: str, otherwise: str) -> None:
    if not holds:
        raise StoryError(f"{place}: {otherwise}")
