"""What the matcher decides on told stories against what is marked: counts from which every figure is a ratio.

The articles are matched in their order, each statement against all claims that were made before it in its story, and
all claims of the other stories of its half. Every claim stands as the service would have opened it for the statement
that made it, as if a person had settled what was asked about before.

- *Same claim*: of the pairs of statements that say one claim. A statement is put with the statements of the claim
  that it is accepted for, or asked about as a repetition.
- *Stance of what bears*: of the statements and earlier claims that bear on each other as marked, the stance that is
  judged; F1 by stance.
- *Bearing found*: the same over all candidates, where most have no relation: what is suggested against what is marked.
- *Wrong accepts*: of what the machine accepted by itself; *repeats accepted*: of all true repetitions.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.matching.outlines import NONE, REPEATS
from bench.matching.stories import Stance, Story
from bench.matching.told import Facts, Key, Told, told
from claimtrack.matching.decision import Outcome, compare, conclude
from claimtrack.matching.stance import ClaimFacts


@dataclass(frozen=True, slots=True)
class Matched:
    """A statement with what is marked for it and what was decided: stances by claim, and what it was accepted for."""

    told: Told
    marked: Mapping[Key, str]
    suggested: Mapping[Key, str]
    judged: Mapping[Key, str]
    accepted: Key | None
    earlier: Mapping[Key, int]  # how many statements of each claim came before


def match(stories: Sequence[Story], facts: Facts) -> list[list[Matched]]:
    """Match all stories; one list for each article, in order."""
    tellings = [told(story, facts) for story in stories]
    openers: dict[Key, Told] = {}
    for one in (one for telling in tellings for one in telling if one.facts):
        openers.setdefault(one.claim, one)
    keys = list(openers)
    claims = {key: openers[key].as_claim(number) for number, key in enumerate(keys)}
    articles: dict[tuple[str, str], list[Matched]] = {}
    for telling in tellings:
        others = [claims[key] for key in keys if key[0] != telling[0].story]
        earlier: Counter[Key] = Counter()
        for one in telling:
            known = [claims[key] for key in keys if earlier[key]]
            articles.setdefault((one.story, one.article.id), []).append(_matched(one, known, others, keys, earlier))
            earlier[one.claim] += 1
    return list(articles.values())


def _matched(
    one: Told, known: Sequence[ClaimFacts], others: Sequence[ClaimFacts], keys: Sequence[Key], earlier: Counter[Key]
) -> Matched:
    marked = {key: str(stance) for key, stance in one.bears_on.items()}
    if earlier[one.claim]:
        marked[one.claim] = REPEATS
    suggested, judged, accepted = {}, {}, None
    if one.facts is not None:
        compared = compare(one.facts, [*known, *others])
        decision = conclude(one.facts, compared)
        suggested = {keys[found.claim_id]: str(found.stance) for found in decision.suggestions}
        if decision.outcome is Outcome.ACCEPT:
            accepted = keys[decision.suggestions[0].claim_id]
        stances = {keys[found.claim.claim_id]: str(found.judgement.stance) for found in compared}
        judged = {key: stances[key] for key in marked if key in stances}
    return Matched(one, marked, suggested, judged, accepted, dict(earlier))


def count(article: Sequence[Matched]) -> Counter[str]:
    """Count what the figures are made of, in one article."""
    counts: Counter[str] = Counter()
    for one in article:
        put_with = one.accepted or next((key for key, stance in one.suggested.items() if stance == REPEATS), None)
        counts["pairs marked"] += one.earlier.get(one.told.claim, 0)
        if put_with is not None:
            counts["pairs found"] += one.earlier.get(put_with, 0)
            counts["pairs right"] += one.earlier.get(put_with, 0) * (put_with == one.told.claim)
        counts["repeats"] += one.told.claim in one.marked
        counts["accepted"] += one.accepted is not None
        counts["accepted rightly"] += one.accepted == one.told.claim
        counts["accepted wrongly"] += one.accepted not in {None, one.told.claim}
        for key, stance in one.marked.items():
            judged = one.judged.get(key, NONE)
            counts.update([f"{stance} bears", f"{judged} judged", *[f"{stance} judged rightly"] * (judged == stance)])
        for key in {*one.marked, *one.suggested}:
            stance, found = one.marked.get(key, NONE), one.suggested.get(key, NONE)
            counts.update([f"{stance} marked", f"{found} found", *[f"{stance} found rightly"] * (found == stance)])
    return counts


STANCES = (REPEATS, *(str(stance) for stance in Stance))
