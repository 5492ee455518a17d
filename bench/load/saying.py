"""What is said in the generated world: stories about things in places, told in claims and retold in statements.

Words are drawn by Zipf's law from `material.toml`, names are put together from its syllables, so that some words stand
in every twentieth claim and most in a handful. The same seed tells the same.
"""

import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

SEED = 11
FIRST_DAY, DAYS = date(2012, 1, 1), 5_400
MONTHS = [date(2000, month, 1).strftime("%B") for month in range(1, 13)]
CLAIMS_OF_A_SPEAKER = 25  # on average; the busiest has one in thirty of all
ZIPF_SHIFT = 3.0
LONGEST_STORY, STORY_TAIL = 400, 1.1
KEEPS_TO_STORY, OTHER_WORDS = 0.7, 0.3


class Frame(NamedTuple):
    """A way to make a claim, and to make it in other words."""

    kind: str
    words: str
    other_words: str


FRAMES = [
    Frame(
        "promise",
        "{place} will {do} {thing} by {month} {year}",
        "{thing} in {place} is going to be {done} no later than {month} {year}",
    ),
    Frame("promise", "we will {do} {thing} in {place} {tail}", "{tail}, {place} is set to {do} {thing}"),
    Frame(
        "promise",
        "the {body} will spend {number} million on {thing} in {place}",
        "{number} million will go into {thing} of {place}, paid by the {body}",
    ),
    Frame(
        "prediction",
        "{thing} in {place} will be {done} before {month} {year}",
        "we are going to see {place} {do} {thing} ahead of {month} {year}",
    ),
    Frame(
        "prediction",
        "the number of {counted} in {place} will grow by {share} percent {tail}",
        "{place} can expect {share} percent more {counted}",
    ),
    Frame(
        "prediction",
        "{person} will resign over {thing} in {place}",
        "{thing} in {place} is going to cost {person} the office",
    ),
    Frame(
        "assertion",
        "{number} {counted} in {place} suffered when {thing} was {done} in {year}",
        "when they {do} {thing} in {place}, as in {year}, it is {number} {counted} who pay for it",
    ),
    Frame(
        "assertion",
        "{thing} in {place} was {done} in {month} {tail}",
        "{tail}, they had {thing} of {place} {done} last {month}",
    ),
    Frame(
        "assertion",
        "the {body} of {place} paid {number} million to {do} {thing}",
        "it cost the {body} of {place} {number} million to have {thing} {done}",
    ),
    Frame(
        "assertion",
        "{share} percent of {counted} in {place} want to {do} {thing} {tail}",
        "of the {counted} in {place}, {share} percent would like to see {thing} {done}",
    ),
    Frame(
        "assertion",
        "{person} lied about {thing} in {place} {tail}",
        "what {person} said of {thing} in {place} was not true",
    ),
    Frame(
        "demand",
        "the {body} of {place} must {do} {thing} by {month}",
        "{thing} has to be {done} by {month}, and the {body} of {place} knows it",
    ),
    Frame("demand", "{place} should not {do} {thing} {tail}", "nobody in {place} ought to {do} {thing}"),
]


@dataclass(frozen=True, slots=True)
class Story:
    """What a few claims have in common; `thing` counts the things of all topics, `place` and `people` are places in
    the lists of the world."""

    number: int
    thing: int
    place: int
    body: str
    people: tuple[int, ...]
    day: date
    deed: tuple[str, str]
    counted: str


@dataclass(frozen=True, slots=True)
class Saying:
    """One proposition, said by one speaker (its place in the list of the world) on one day."""

    story: Story
    frame: int
    speaker: int
    said_on: date
    place: str
    thing: str
    deed: tuple[str, str]
    counted: str
    tail: str
    number: int
    share: float
    month: str
    year: int
    person: str
    opening: str = ""
    in_other_words: bool = False
    is_repeated: bool = False

    @property
    def kind(self) -> str:
        return FRAMES[self.frame].kind

    @property
    def text(self) -> str:
        frame = FRAMES[self.frame]
        said = (frame.other_words if self.in_other_words else frame.words).format(
            place=self.place,
            thing=self.thing,
            do=self.deed[0],
            done=self.deed[1],
            counted=self.counted,
            tail=self.tail,
            body=self.story.body,
            person=self.person,
            number=f"{self.number:,}",
            share=f"{self.share:g}",
            month=self.month,
            year=self.year,
        )
        whole = f"{self.opening}{said}"
        return whole[0].upper() + whole[1:]


class World:
    """Everybody and everything there is to speak of, in the order of how often they are spoken of."""

    def __init__(self, claims: int, seed: int = SEED) -> None:
        made = tomllib.loads((Path(__file__).parent / "material.toml").read_text("utf-8"))
        self._random = random.Random(seed)
        self.places = _mixed(made["place_starts"], made["place_ends"], self._random)
        surnames = _mixed(made["surname_starts"], made["surname_ends"], self._random)
        speakers = max(100, claims // CLAIMS_OF_A_SPEAKER)
        people = range(len(made["firsts"]) * len(surnames))
        self.speakers = [
            f"{made['firsts'][number % len(made['firsts'])]} {surnames[number // len(made['firsts'])]}"
            for number in self._random.sample(people, speakers)
        ]
        self.roles: list[str] = made["roles"]
        self.things = [
            (thing, topic) for rank in range(10) for topic in made["topics"] for thing in [topic["things"][rank]]
        ]
        self._bodies: list[str] = made["bodies"]
        self._openings: list[str] = made["openings"]
        self._weights: dict[int, list[float]] = {}

    def stories(self, claims: int) -> Iterator[list[Saying]]:
        """Tell stories, each a list of claims, until there are so many claims."""
        number = 0
        while claims:
            size = min(claims, LONGEST_STORY, int(self._random.paretovariate(STORY_TAIL)))
            story = self.story(number)
            yield [self.claim_in(story) for _ in range(size)]
            claims -= size
            number += 1

    def story(self, number: int, *, thing: int | None = None) -> Story:
        """Begin a story, about this thing if one is named."""
        chance = self._random
        thing = self._rank(len(self.things)) if thing is None else thing
        _, topic = self.things[thing]
        return Story(
            number=number,
            thing=thing,
            place=self._rank(len(self.places)),
            body=self._one(self._bodies),
            people=tuple(self._rank(len(self.speakers)) for _ in range(chance.randint(1, 4))),
            day=FIRST_DAY + timedelta(days=chance.randrange(DAYS)),
            deed=_both(self._one(topic["deeds"])),
            counted=self._one(topic["counted"]),
        )

    def claim_in(self, story: Story, *, frame: int | None = None) -> Saying:
        """One more claim of a story."""
        chance = self._random
        thing, topic = self.things[story.thing]
        keeps = chance.random() < KEEPS_TO_STORY
        return Saying(
            story=story,
            frame=chance.randrange(len(FRAMES)) if frame is None else frame,
            speaker=story.people[0] if chance.random() < KEEPS_TO_STORY else chance.choice(story.people),
            said_on=story.day + timedelta(days=int(chance.expovariate(1 / 60))),
            place=self.places[story.place],
            thing=thing,
            deed=story.deed if keeps else _both(self._one(topic["deeds"])),
            counted=story.counted if keeps else self._one(topic["counted"]),
            tail=self._one(topic["tails"]),
            number=int(10 ** chance.uniform(0.4, 4)),
            share=round(chance.uniform(1, 99), chance.random() < 0.3),
            month=chance.choice(MONTHS),
            year=story.day.year + chance.randint(-2, 6),
            person=self.speakers[self._rank(len(self.speakers))],
        )

    def statements(self, claims: Sequence[Saying]) -> list[tuple[int, Saying]]:
        """What is said of a story in the order of its days, with the claim's place: twice as much as it has claims."""
        repeated = [self._rank(len(claims)) for _ in claims]
        said = [*enumerate(claims), *((place, self._again(claims[place])) for place in repeated)]
        return sorted(said, key=lambda one: one[1].said_on)

    def _again(self, claim: Saying) -> Saying:
        """The claim as said later: mostly in the same words, by its speaker or by another of its story."""
        chance = self._random
        speaker = claim.speaker if chance.random() < KEEPS_TO_STORY else chance.choice(claim.story.people)
        said_on = claim.said_on + timedelta(days=int(chance.expovariate(1 / 90)))
        opening = self._one(self._openings)
        in_other_words = chance.random() < OTHER_WORDS
        return replace(
            claim,
            speaker=speaker,
            said_on=said_on,
            opening=opening,
            in_other_words=in_other_words,
            is_repeated=True,
        )

    def retold(self, claim: Saying) -> Saying:
        """The claim as a new statement has it: in other words, with another number or time, or beginning otherwise."""
        chance = self._random
        way = chance.randrange(3)
        said_on = claim.said_on + timedelta(days=chance.randrange(1, 400))
        if way == 0:
            return replace(claim, said_on=said_on, in_other_words=True)
        if way == 1:
            other = self.claim_in(claim.story, frame=claim.frame)
            return replace(claim, said_on=said_on, number=other.number, share=other.share, month=other.month)
        return replace(claim, said_on=said_on, opening=chance.choice(self._openings[4:]), tail=self._tail_of(claim))

    def _tail_of(self, claim: Saying) -> str:
        _, topic = self.things[claim.story.thing]
        tails: list[str] = topic["tails"]
        return self._one(tails)

    def _one[T](self, items: Sequence[T]) -> T:
        return items[self._rank(len(items))]

    def _rank(self, size: int) -> int:
        """A place in a list of this size, the first by far the likeliest."""
        weights = self._weights.get(size)
        if weights is None:
            weights = self._weights[size] = list(accumulate(1 / (rank + ZIPF_SHIFT) for rank in range(size)))
        [rank] = self._random.choices(range(size), cum_weights=weights)
        return rank


def _mixed(starts: Sequence[str], ends: Sequence[str], chance: random.Random) -> list[str]:
    names = [start + end for start in starts for end in ends]
    chance.shuffle(names)
    return names


def _both(deed: str) -> tuple[str, str]:
    """A verb and its participle: "phase out phased out"."""
    words = deed.split()
    half = len(words) // 2
    return " ".join(words[:half]), " ".join(words[half:])
