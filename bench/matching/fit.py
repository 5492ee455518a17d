"""Fit the weights of `claimtrack/matching/weighing.py` on outlines, the tuned stories and pairs of our own.

    python -m bench.matching.fit

Prints the tables of weights. Each story is read twice, with what is marked and with what the reader finds, so that the
weights do not trust what a reader often misses. What the pair network says is weighed on outlines that it has not
learned from.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bench.matching.contrasts import own_contrasts
from bench.matching.examples import Example, examples_in
from bench.matching.outlines import NONE, REPEATS, own_outlines
from bench.matching.stories import own_stories
from bench.matching.told import Facts, Told, told, with_meaning
from bench.pairs.prepare import is_kept_out
from bench.reading.articles import own_articles
from claimtrack.extraction import read_statements
from claimtrack.matching.decision import is_worth_reading
from claimtrack.matching.normalize import proposition
from claimtrack.matching.pairs import STANCES, Probabilities, circumstances, judge_stances
from claimtrack.matching.similarity import Similarity, similarity
from claimtrack.matching.stance import Bearing, ClaimFacts, Stance, StatementFacts, bearing_of
from claimtrack.matching.weighing import (
    LINE,
    bears_features,
    bears_read_features,
    same_features,
    same_read_features,
    stance_read_features,
    weigh_facts,
)

HELD_BACK = 0.6  # how strongly weights are drawn to nought
STEPS = 1_500
RARER_COUNTS = 0.75
UNRELATED_EVERY, SEED = 2, 7
EVERY = 4  # so that they do not outweigh the stories
NOT_TOLD = "not the same"  # whether the one bears on the other is not known

type Array = NDArray[np.float64]
type Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Compared:
    """A pair with what is marked, and what its facts are to each other."""

    statement: StatementFacts
    claim: ClaimFacts
    stance: str
    alike: Similarity
    bearing: Bearing
    closeness: float


def main() -> None:
    """Fit everything and print it as it stands in the code."""
    outlines = own_outlines()
    kept_out = [example for outline in outlines if is_kept_out(outline.name) for example in examples_in(outline)]
    learned = [example for outline in outlines if not is_kept_out(outline.name) for example in examples_in(outline)]
    in_stories = (one for facts in (Facts.MARKED, Facts.FILLED) for one in pairs_in_stories(facts))
    facts = [_compared(one) for one in (*learned, *in_stories, *other_sayings())]
    same = _fit("SAME", [same_features(*_given(one)) for one in facts], [one.stance == REPEATS for one in facts])
    others = [one for one in facts if one.stance not in {REPEATS, NOT_TOLD}]
    bears = _fit("BEARS", [bears_features(*_given(one)) for one in others], [one.stance != NONE for one in others])
    contrasts = [one for contrast in own_contrasts() if is_kept_out(contrast.text) for one in contrast.examples()]
    in_course = [_compared(one) for one in (*kept_out, *unrelated_sayings(kept_out))]
    fit_read(in_course, [_compared(one) for one in contrasts], same, bears)


def fit_read(pairs: Sequence[Compared], contrasts: Sequence[Compared], same: Weights, bears: Weights) -> None:
    """Fit what is read with what is known by facts, on pairs that the network has not learned from.

    Contrasts tell the stances apart, but not how often one thing bears on another.
    """
    weighed = [weigh_facts(*_given(one), same_by=same, bears_by=bears) for one in pairs]
    worth = [(one, by_facts) for one, by_facts in zip(pairs, weighed, strict=True) if is_worth_reading(by_facts)]
    rows = [(*one, found) for one, found in zip(worth, _read([one for one, _ in worth]), strict=True)]
    _fit(
        "SAME_READ",
        [same_read_features(by_facts, one.bearing, found) for one, by_facts, found in rows],
        [one.stance == REPEATS for one, *_ in rows],
    )
    apart = [row for row in rows if row[0].stance != REPEATS]
    _fit(
        "BEARS_READ",
        [bears_read_features(by_facts, found) for _, by_facts, found in apart],
        [one.stance != NONE for one, *_ in apart],
    )
    those = [(one, found) for one, _, found in rows] + [*zip(contrasts, _read(contrasts), strict=True)]
    _fit_stances([(one, found) for one, found in those if one.stance != NONE])


def _read(pairs: Sequence[Compared]) -> Probabilities:
    return judge_stances(
        [
            (one.claim.in_full, one.statement.in_full, circumstances(one.statement, one.claim, one.bearing))
            for one in pairs
        ]
    )


def _fit_stances(rows: Sequence[tuple[Compared, Probabilities]]) -> None:
    """Fit the scores of the stances."""
    stances = [stance for stance in STANCES if stance]
    features = [
        [list(map(float, stance_read_features(stance, one.bearing, read).values())) for stance in stances]
        for one, read in rows
    ]
    right = np.array([stances.index(Stance(one.stance)) for one, _ in rows])
    allowed = np.array([[one.bearing.same_speaker or stance not in LINE for stance in stances] for one, _ in rows])
    weights = choice(np.array(features), right, allowed, _counts([one for one, _ in rows]))
    names = list(stance_read_features(Stance.REPEATS, *_first(rows)))
    print("STANCE_READ: Mapping[Stance, Features] = {")
    for stance, row in zip(stances, weights, strict=True):
        shown = ", ".join(f'"{name}": {weight:.2f}' for name, weight in zip(names, row, strict=True))
        print(f"    Stance.{stance.name}: {{{shown}}},")
    print("}")


def _counts(pairs: Sequence[Compared]) -> Array:
    """How much each pair counts: the rarer its stance is between one speaker, or between two, the more."""
    groups = [(one.stance, one.bearing.same_speaker) for one in pairs]
    frequent = Counter(groups)
    counts: Array = np.array([frequent[group] ** -RARER_COUNTS for group in groups])
    return counts / counts.mean()


def _first(rows: Sequence[tuple[Compared, Probabilities]]) -> tuple[Bearing, Probabilities]:
    one, read = rows[0]
    return one.bearing, read


def _compared(example: Example) -> Compared:
    statement, claim = with_meaning(example[0]), with_meaning(example[1])
    alike = similarity(proposition(statement.text), proposition(claim.text))
    closeness = float(np.dot(_vector(statement), _vector(claim)))
    return Compared(statement, claim, str(example[2]), alike, bearing_of(statement, claim, alike), closeness)


def _given(one: Compared) -> tuple[StatementFacts, ClaimFacts, Similarity, Bearing, float]:
    return one.statement, one.claim, one.alike, one.bearing, one.closeness


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
                stances: Mapping[tuple[str, str], str] = {**one.bears_on, one.claim: REPEATS}
                yield from ((one.facts, claims[key], stances.get(key, NONE)) for key in sorted(known))
            known.add(one.claim)


def unrelated_sayings(examples: Sequence[Example]) -> Iterator[Example]:
    """Statements with claims drawn from all, as if one speaker had said both: people speak of many things."""
    chance = random.Random(SEED)
    claims = [claim for _, claim, _ in examples]
    for statement, claim, _ in examples[::UNRELATED_EVERY]:
        other = chance.choice(claims)
        if other.speaker_ids != claim.speaker_ids:
            yield statement, replace(other, speaker_ids=statement.speaker_ids), NONE


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


def _fit(name: str, features: Sequence[Mapping[str, float]], right: Sequence[bool]) -> Weights:
    table = np.array([[float(value) for value in one.values()] for one in features])
    found = logistic(table, np.array(right, dtype=float))
    weights = dict(zip(features[0], map(float, found), strict=True))
    print(f"{name}: Features = {{")
    for key, weight in weights.items():
        print(f'    "{key}": {weight:.2f},')
    print("}")
    return weights


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


def choice(table: Array, right: NDArray[np.int_], allowed: NDArray[np.bool_], counts: Array) -> Array:
    """Weights of a choice among things with features of their own, [thing, feature] (accelerated gradient descent).

    `table` is [case, thing, feature], `right` the thing of each case, `counts` how much each case counts.
    """
    wanted = np.eye(table.shape[1])[right]
    rate = 1 / (0.5 * float((counts[:, None, None] * table**2).sum((0, 2)).max()) + HELD_BACK)
    weights = ahead = np.zeros(table.shape[1:])
    momentum = 1.0
    for _ in range(STEPS):
        scores = np.where(allowed, (table * ahead).sum(2), -np.inf)
        likely = np.exp(scores - scores.max(1, keepdims=True))
        likely /= likely.sum(1, keepdims=True)
        slope = (((likely - wanted) * counts[:, None])[:, :, None] * table).sum(0)
        moved = ahead - rate * (slope + HELD_BACK * ahead)
        faster = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = moved + (momentum - 1) / faster * (moved - weights)
        weights, momentum = moved, faster
    return weights


if __name__ == "__main__":
    main()
