"""Turn pairs of texts into the numbers that the pair network is trained on.

.venv/bin/python -m bench.pairs.prepare pairs.jsonl vocab.txt prepared.jsonl [--tweets FOLDER]

Each line in has `case_id`, `claim`, `evidence` and `label` (SUPPORTS, REFUTES or NOT ENOUGH INFO): the network learns
its answers from them. Its stances it learns from our own outlines and contrasts, and from tweets that repeat known
claims. This uses the matcher's own code, so that the network is trained on exactly what it will see.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from bench.matching.clef import relevant, rows_of
from bench.matching.contrasts import own_contrasts
from bench.matching.examples import Example, claim_facts, examples_in, statement_facts
from bench.matching.outlines import NONE, REPEATS, Outline, Statement, own_outlines
from claimtrack.matching.embedding import embed
from claimtrack.matching.normalize import proposition
from claimtrack.matching.pairs import STANCES, circumstances
from claimtrack.matching.posts import plain
from claimtrack.matching.side_by_side import SideBySide, side_by_side
from claimtrack.matching.similarity import similarity
from claimtrack.matching.stance import ClaimFacts, Stance, StatementFacts, bearing_of
from claimtrack.wordpieces import WordPieces

LABELS = ("SUPPORTS", "REFUTES", "NOT ENOUGH INFO")
STANCE_NAMES = [str(stance or NONE) for stance in STANCES]
KEPT_OUT, FOR_CHOOSING = 15, 5  # percent of the cases
LOOKED_AT, WRONG = 40, 5  # of the claims most like a tweet
MOST_RETOLD = 2

type Row = dict[str, Any]


def part(case_id: str) -> str:
    """Say what a case is for: "test" and "choose" are kept out of training, by a hash of its id."""
    number = int(sha256(case_id.encode()).hexdigest(), 16) % 100
    if number < KEPT_OUT:
        return "test"
    return "choose" if number < KEPT_OUT + FOR_CHOOSING else "train"


def is_kept_out(name: str) -> bool:
    """Whether an outline, or the claim of a contrast, is kept out of the network's training, so that the matcher's
    weights are fitted on it.
    """
    return part(name) != "train"


def read_pairs(path: Path) -> list[dict[str, Any]]:
    """Read the pairs, written as people write: VitaminC's are cut into words and have quotation marks of TeX."""
    with path.open(encoding="utf-8") as lines:
        pairs = [json.loads(line) for line in lines]
    for pair in pairs:
        pair["claim"], pair["evidence"] = as_written(pair["claim"]), as_written(pair["evidence"])
    return pairs


def as_written(text: str) -> str:
    """Undo what differs in words from ordinary writing; where spaces stand does not matter."""
    for old, new in (("``", '"'), ("''", '"'), (" n't", "n't"), ("-LRB-", "("), ("-RRB-", ")"), ("\ufffd", " ")):
        text = text.replace(old, new)
    return text


def revisions(pairs: Sequence[dict[str, Any]], vocabulary: WordPieces) -> Iterator[Row]:
    """Pairs with an answer; none for training that shares its claim with one kept out."""
    kept_out = {pair["claim"] for pair in pairs if part(pair["case_id"]) != "train"}
    for pair in pairs:
        of_part = part(pair["case_id"])
        if of_part != "train" or pair["claim"] not in kept_out:
            beside = side_by_side(pair["claim"], pair["evidence"], vocabulary)
            yield _row("answer", of_part, beside, LABELS.index(pair["label"]))


def own(vocabulary: WordPieces) -> Iterator[Row]:
    """Pairs with a stance, of our own: in outlines, across them, and in contrasts."""
    outlines = own_outlines()
    for outline in outlines:
        of_part = "choose" if is_kept_out(outline.name) else "train"
        examples = [*examples_in(outline), *(retold_in(outline) if of_part == "train" else ())]
        yield from (_stance_row(*example, of_part, vocabulary) for example in examples)
    for statement, claim in strangers([outline for outline in outlines if not is_kept_out(outline.name)]):
        yield _stance_row(statement, claim, NONE, "train", vocabulary)
    for contrast in own_contrasts():
        of_part = "choose" if is_kept_out(contrast.text) else "train"
        given = list(contrast.examples())
        examples = [*given, *(retold(given) if of_part == "train" else ())]
        yield from (_stance_row(*example, of_part, vocabulary) for example in examples)


def retold_in(outline: Outline) -> Iterator[Example]:
    """What bears on a claim, with the claim as it was told at another time: a bearing belongs to the proposition."""
    tellings: dict[str, list[Statement]] = {}
    for statement in outline.statements:
        tellings.setdefault(statement.claim, []).append(statement)
    for statement, claim, stance in outline.pairs():
        others = [one for one in tellings[claim.claim] if one not in (statement, claim)] if stance != NONE else []
        yield from ((statement_facts(statement), claim_facts(one), stance) for one in others[:MOST_RETOLD])


def retold(examples: Sequence[Example]) -> Iterator[Example]:
    """The same pairs with the claim in the words of those that repeat it, and with both turned where that is mutual."""
    again = [_as_claim(statement, claim) for statement, claim, stance in examples if stance == REPEATS]
    for statement, claim, stance in examples:
        yield from ((statement, other, stance) for other in again if other.text != statement.text)
        if stance in {REPEATS, Stance.CONTRADICTS}:
            turned = ClaimFacts(
                0, statement.text, statement.speaker_ids, statement.kind, first_said_on=claim.first_said_on
            )
            said = StatementFacts(claim.text, claim.speaker_ids, claim.kind, said_on=statement.said_on)
            yield said, turned, stance


def _as_claim(statement: StatementFacts, claim: ClaimFacts) -> ClaimFacts:
    return replace(claim, text=statement.text, kind=statement.kind, due_on=statement.due_on)


def strangers(outlines: Sequence[Outline]) -> Iterator[tuple[StatementFacts, ClaimFacts]]:
    """Each statement with the claim of another outline that is nearest to it in meaning."""
    told = [(outline.name, one) for outline in outlines for one in outline.statements]
    meanings = embed([one.text for _, one in told])
    for (name, one), alike in zip(told, meanings @ meanings.T, strict=True):
        nearest = next(number for number in np.argsort(-alike) if told[number][0] != name)
        yield statement_facts(one), claim_facts(told[nearest][1])


def known_claims(folder: Path, vocabulary: WordPieces) -> Iterator[Row]:
    """Tweets with the claims that they repeat, and with the likest that they do not (CLEF 2020, training part)."""
    texts = {
        int(number): f"{claim} {title}" for number, claim, title in rows_of(folder / "clef2020_verified_claims.tsv")
    }
    wanted = relevant(folder / "clef2020_train.qrels")
    numbers, meanings = list(texts), embed(list(texts.values()))
    for query, tweet in rows_of(folder / "clef2020_train_queries.tsv"):
        of_part = "choose" if part(query) == "choose" else "train"
        said = plain(tweet)
        order = np.argsort(-(meanings @ embed([said])[0]))[:LOOKED_AT]
        right = {texts[number] for number in wanted[query]}
        wrong = [text for at in order if (text := texts[numbers[at]]) not in right][:WRONG]
        for text in [*sorted(right), *wrong]:
            label = STANCE_NAMES.index(REPEATS if text in right else NONE)
            yield _row("stance", of_part, side_by_side(text, said, vocabulary), label)


def _stance_row(statement: StatementFacts, claim: ClaimFacts, stance: str, of_part: str, vocabulary: WordPieces) -> Row:
    bearing = bearing_of(statement, claim, similarity(proposition(statement.text), proposition(claim.text)))
    known = circumstances(statement, claim, bearing)
    beside = side_by_side(claim.text, statement.text, vocabulary, known)
    return _row("stance", of_part, beside, STANCE_NAMES.index(stance))


def _row(head: str, of_part: str, beside: SideBySide, label: int) -> Row:
    return {"head": head, "part": of_part, "pieces": beside.pieces, "shapes": beside.shapes, "label": label}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("pairs", type=Path, help="vitaminc_real.jsonl")
    parser.add_argument("vocabulary", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--tweets", type=Path, help="the folder with the training part of CLEF 2020")
    arguments = parser.parse_args()
    vocabulary = WordPieces.read(arguments.vocabulary)
    rows = [*revisions(read_pairs(arguments.pairs), vocabulary), *own(vocabulary)]
    if arguments.tweets:
        rows += known_claims(arguments.tweets, vocabulary)
    arguments.out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    counts = Counter((row["head"], row["part"]) for row in rows)
    print(", ".join(f"{number:,} {head}s for {of_part}" for (head, of_part), number in sorted(counts.items())))


if __name__ == "__main__":
    main()
