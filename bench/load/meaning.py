"""Vectors for a million claims from a few thousand sentences that are really embedded.

A claim's vector is that of a sentence about the same thing in the same frame, moved by what its place does to a
sentence and by what real claims differ in beyond that. So claims about one thing in one place lie as close together
as in life, and new statements, which are really embedded, come down among them.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bench.load.saying import FRAMES, Saying, World
from claimtrack.matching.embedding import Vectors, embed

SAMPLED = 600
OF_THE_STORY = 0.5  # how much of the rest the claims of one story have in common
IN_PLACE = "The mayor of {place} spoke about it"
SEED = 13


class Meanings:
    """What things, frames and places mean, and what else claims differ in."""

    def __init__(self, world: World) -> None:
        places = embed([IN_PLACE.format(place=place) for place in world.places])
        self._places: Vectors = places - places.mean(axis=0)
        examples = [
            world.claim_in(world.story(0, thing=thing), frame=frame)
            for thing in range(len(world.things))
            for frame in range(len(FRAMES))
        ]
        anchors = embed([one.text for one in examples])
        stands_in = np.array([one.story.place for one in examples])
        sample = [world.claim_in(world.story(0)) for _ in range(SAMPLED)]
        real, at = embed([one.text for one in sample]), _anchors_of(sample)
        moved = self._places[[one.story.place for one in sample]] - self._places[stands_in[at]]
        share = float(np.sum(moved * (real - anchors[at])) / np.sum(moved**2))
        self._places *= share
        self._anchors: Vectors = anchors - self._places[stands_in]
        self._rest: Vectors = real - self._sums(sample)

    def of(self, claims: Sequence[Saying]) -> Vectors:
        """Vectors of length 1 for claims, [claim, dimension]; the same story has the same part of them in common."""
        stories = np.array([one.story.number for one in claims])
        chance = np.random.default_rng([SEED, int(stories[0]), len(claims)])
        _, story = np.unique(stories, return_inverse=True)
        by_story = self._drawn(chance, int(story.max()) + 1)[story]
        by_claim = self._drawn(chance, len(claims))
        rest = np.sqrt(OF_THE_STORY) * by_story + np.sqrt(1 - OF_THE_STORY) * by_claim
        vectors = self._sums(claims) + rest
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)

    def _drawn(self, chance: np.random.Generator, count: int) -> Vectors:
        """What real claims differ in, two of them mixed for each, so that no two are the same."""
        one, other = chance.integers(len(self._rest), size=(2, count))
        turn = chance.uniform(0, 2 * np.pi, size=(count, 1)).astype(np.float32)
        drawn: Vectors = np.cos(turn) * self._rest[one] + np.sin(turn) * self._rest[other]
        return drawn

    def _sums(self, claims: Sequence[Saying]) -> Vectors:
        places: Vectors = self._places[[one.story.place for one in claims]]
        return self._anchors[_anchors_of(claims)] + places


def _anchors_of(claims: Sequence[Saying]) -> NDArray[np.int64]:
    return np.array([one.story.thing * len(FRAMES) + one.frame for one in claims])
