"""Turn pairs of claim and evidence into the numbers that the pair network is trained on.

.venv/bin/python -m bench.pairs.prepare pairs.jsonl vocab.txt prepared.jsonl

Each line in has `case_id`, `claim`, `evidence` and `label` (SUPPORTS, REFUTES or NOT ENOUGH INFO). It uses the
matcher's own code, so that the network is trained on exactly what it will see.
"""

import argparse
import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from claimtrack.matching.side_by_side import side_by_side
from claimtrack.wordpieces import WordPieces

LABELS = ("SUPPORTS", "REFUTES", "NOT ENOUGH INFO")
KEPT_OUT, FOR_CHOOSING = 15, 5  # percent of the cases


def part(case_id: str) -> str:
    """Say what a case is for: "test" and "choose" are kept out of training, by a hash of its id."""
    number = int(sha256(case_id.encode()).hexdigest(), 16) % 100
    if number < KEPT_OUT:
        return "test"
    return "choose" if number < KEPT_OUT + FOR_CHOOSING else "train"


def read_pairs(path: Path) -> list[dict[str, Any]]:
    """Read the pairs, written as people write: VitaminC's are cut into words and have quotation marks of TeX."""
    with path.open(encoding="utf-8") as lines:
        pairs = [json.loads(line) for line in lines]
    for pair in pairs:
        pair["claim"], pair["evidence"] = plain(pair["claim"]), plain(pair["evidence"])
    return pairs


def plain(text: str) -> str:
    """Undo what differs in words from ordinary writing; where spaces stand does not matter."""
    for old, new in (("``", '"'), ("''", '"'), (" n't", "n't"), ("-LRB-", "("), ("-RRB-", ")"), ("\ufffd", " ")):
        text = text.replace(old, new)
    return text


def prepared(pairs: Sequence[dict[str, Any]], vocabulary: WordPieces) -> list[dict[str, Any]]:
    """Return pieces, shapes and label of each pair; none for training that shares its claim with one kept out."""
    kept_out = {pair["claim"] for pair in pairs if part(pair["case_id"]) != "train"}
    rows = []
    for pair in pairs:
        of_part = part(pair["case_id"])
        if of_part == "train" and pair["claim"] in kept_out:
            continue
        beside = side_by_side(pair["claim"], pair["evidence"], vocabulary)
        label = LABELS.index(pair["label"])
        rows.append({"part": of_part, "pieces": beside.pieces, "shapes": beside.shapes, "label": label})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("vocabulary", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    rows = prepared(read_pairs(arguments.pairs), WordPieces.read(arguments.vocabulary))
    arguments.out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
