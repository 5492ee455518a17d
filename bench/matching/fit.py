"""Fit the weights of `claimtrack/matching/weighing.py` on the tuned stories and on pairs of our own.

    python -m bench.matching.fit

Prints the two tables of weights. Each story is read twice, with what is marked and with what the reader finds, so
that the weights do not trust what a reader often misses.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.matching.stories import own_stories
from bench.matching.told import Facts, Told, told, with_meaning
from bench.reading.articles import own_articles
from claimtrack.extraction import read_statements
from claimtrack.matching.normalize import proposition
from claimtrack.matching.similarity import similarity
from claimtrack.matching.stance import ClaimFacts, StatementFacts, bearing_of
from claimtrack.matching.weighing import bears_features, same_features

OWN_PAIRS = Path(__file__).parents[2] / "tests" / "data" / "bearings" / "pairs.tsv"
SAME_DAY, LATER = date(2030, 2, 3), date(2030, 6, 20)
HELD_BACK = 0.6  # how strongly weights are drawn to nought
STEPS = 1_500
EVERY = 4  # so that they do not outweigh the stories
NOT_TOLD = "not the same"  # whether the one bears on the other is not known

type Example = tuple[StatementFacts, ClaimFacts, str]
type Array = NDArray[np.float64]


def main() -> None:
    """Fit both and print them as they stand in the code."""
    in_stories = (one for facts in (Facts.MARKED, Facts.FILLED) for one in pairs_in_stories(facts))
    examples = [*own_pairs(), *in_stories, *other_sayings()]
    same, bears, stances = [], [], []
    for statement, claim, stance in examples:
        alike = similarity(proposition(statement.text), proposition(claim.text))
        bearing = bearing_of(statement, claim, alike)
        closeness = float(np.dot(_vector(statement), _vector(claim)))
        same.append(same_features(statement, claim, alike, bearing, closeness))
        bears.append(bears_features(statement, claim, alike, bearing, closeness))
        stances.append(stance)
    repeats = np.array([stance == "repeats" for stance in stances])
    _print("SAME", same, repeats)
    others = [(one, stance) for one, stance in zip(bears, stances, strict=True) if stance not in {"repeats", NOT_TOLD}]
    _print("BEARS", [one for one, _ in others], np.array([stance != "none" for _, stance in others]))


def own_pairs() -> Iterator[Example]:
    """Single pairs written for this, over many topics: who, kinds, stance and the two texts."""
    with OWN_PAIRS.open(encoding="utf-8", newline="") as lines:
        for who, kind, claim_kind, stance, text, claim in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            said_on = LATER if stance == "reports_outcome" else SAME_DAY
            speaker = frozenset({"one" if who == "same" else "another"})
            yield (
                with_meaning(StatementFacts(text, speaker, kind, said_on=said_on)),
                with_meaning(ClaimFacts(0, claim, frozenset({"one"}), claim_kind, first_said_on=SAME_DAY)),
                stance,
            )


def pairs_in_stories(facts: Facts) -> Iterator[Example]:
    """Each statement of a tuned story with each claim made before it, and with the claims of the other stories."""
    stories = [told(story, facts) for story in own_stories("tuned")]
    openers: dict[tuple[str, str], Told] = {}
    for one in (one for story in stories for one in story if one.facts):
        openers.setdefault(one.claim, one)
    claims = {key: one.as_claim(number) for number, (key, one) in enumerate(openers.items())}
    for story in stories:
        known = {key for key in claims if key[0] != story[0].story}
        for one in story:
            if one.facts:
                stances: Mapping[tuple[str, str], str] = {**one.bears_on, one.claim: "repeats"}
                yield from ((one.facts, claims[key], stances.get(key, "none")) for key in sorted(known))
            known.add(one.claim)


def other_sayings() -> Iterator[Example]:
    """What one speaker says in one article, hardly ever twice the same: of some articles of the tuned reading set."""
    for article in own_articles("tuned")[::EVERY]:
        read = read_statements(article.text, title=article.title, published_on=article.published_on)
        claims: list[ClaimFacts] = []
        for one in read:
            speaker = frozenset({one.speaker.name})
            day = article.published_on
            statement = with_meaning(StatementFacts(one.proposition, speaker, one.kind, said_on=day, due_on=one.due_on))
            yield from ((statement, claim, NOT_TOLD) for claim in claims if claim.speaker_ids == speaker)
            claim = ClaimFacts(0, one.proposition, speaker, one.kind, first_said_on=day, due_on=one.due_on)
            claims.append(with_meaning(claim))


def _vector(facts: StatementFacts | ClaimFacts) -> NDArray[np.float32]:
    assert facts.meaning is not None
    return facts.meaning


def _print(name: str, features: Sequence[Mapping[str, float]], right: NDArray[np.bool_]) -> None:
    table = np.array([[float(value) for value in one.values()] for one in features])
    print(f"{name}: Features = {{")
    for key, weight in zip(features[0], logistic(table, right.astype(float)), strict=True):
        print(f'    "{key}": {weight:.2f},')
    print("}")


def logistic(table: Array, right: Array) -> Array:
    """Weights of a logistic regression drawn to nought, the first excepted (accelerated gradient descent)."""
    drawn = np.full(table.shape[1], HELD_BACK)
    drawn[0] = 0.0
    rate = 1 / (0.25 * float(np.linalg.norm(table, 2)) ** 2 + HELD_BACK)
    weights = ahead = np.zeros(table.shape[1])
    momentum = 1.0
    for _ in range(STEPS):
        expected = 1 / (1 + np.exp(-(table @ ahead)))
        moved = ahead - rate * (table.T @ (expected - right) + drawn * ahead)
        faster = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = moved + (momentum - 1) / faster * (moved - weights)
        weights, momentum = moved, faster
    return weights


if __name__ == "__main__":
    main()
