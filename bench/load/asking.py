"""New statements to search for: what is known, told again by its own speaker, by a stranger, or by the busiest."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bench.load.saying import Saying, World
from claimtrack.matching.embedding import Vectors, embed

EACH = 120
BUSIEST = 3
SEED = 17


class Asker(StrEnum):
    KNOWN = "a speaker of the claim"
    STRANGER = "a speaker without claims"
    BUSIEST = f"one of the {BUSIEST} busiest speakers"


@dataclass(frozen=True, slots=True)
class Question:
    """A statement that was never stored, with its vector, and the id of the claim that it tells again."""

    asker: Asker
    text: str
    kind: str
    said_on: date
    speaker_id: int
    speaker_name: str
    meaning: Vectors
    claim_id: int


def questions(world: World, examples: Mapping[int, Saying]) -> list[Question]:
    """Tell claims again that were really embedded, as new statements; `EACH` by every kind of asker, if there are."""
    chance = random.Random(SEED)
    busy = [one for one in examples.items() if one[1].speaker < BUSIEST]
    rest = [one for one in examples.items() if one[1].speaker >= BUSIEST]
    chance.shuffle(busy)
    chance.shuffle(rest)
    asked = {Asker.KNOWN: rest[:EACH], Asker.STRANGER: rest[EACH : 2 * EACH], Asker.BUSIEST: busy[:EACH]}
    return [one for asker, claims in asked.items() for one in _asked(world, asker, claims)]


def _asked(world: World, asker: Asker, claims: Sequence[tuple[int, Saying]]) -> list[Question]:
    retold = [(claim_id, world.retold(claim)) for claim_id, claim in claims]
    vectors = embed([one.text for _, one in retold])
    nobody = len(world.speakers)
    return [
        Question(
            asker=asker,
            text=one.text,
            kind=one.kind,
            said_on=one.said_on,
            speaker_id=1 + (nobody if asker is Asker.STRANGER else one.speaker),
            speaker_name="Nobody Known" if asker is Asker.STRANGER else world.speakers[one.speaker],
            meaning=vector,
            claim_id=claim_id,
        )
        for (claim_id, one), vector in zip(retold, vectors, strict=True)
    ]
