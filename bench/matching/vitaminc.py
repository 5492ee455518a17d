"""What a revision of Wikipedia does to a claim about it (VitaminC), as the shipped pair network answers, or another.

    python -m bench.matching.vitaminc [--data FOLDER] [--network FOLDER]

The first folder holds `vitaminc_real.jsonl`, the second a `pairs.onnx`. Scored are the cases that `bench.pairs.prepare`
keeps out of training.
"""

import argparse
import statistics
import time
from pathlib import Path

from bench.matching.accuracy import shown
from bench.pairs.prepare import LABELS, part, read_pairs
from claimtrack.matching.pairs import PairJudge, packaged


def main() -> None:
    """Judge every pair that was kept out and print the accuracy; say so where there is no data."""
    parser = argparse.ArgumentParser(prog="python -m bench.matching.vitaminc", description="Score the pair network.")
    parser.add_argument("--data", type=Path, help="the folder with vitaminc_real.jsonl")
    parser.add_argument("--network", type=Path, help="the folder with pairs.onnx, where it is not the shipped one")
    arguments = parser.parse_args()
    if arguments.data is None:
        print("Supports or refutes (VitaminC): skipped, as no folder with its file was named (MATCHING=folder).")
        return
    pairs = [pair for pair in read_pairs(arguments.data / "vitaminc_real.jsonl") if part(pair["case_id"]) == "test"]
    judge = PairJudge(arguments.network) if arguments.network else packaged()
    answers, times = [], []
    for pair in pairs:
        began = time.perf_counter()
        answers.append(int(judge.read(pair["claim"], pair["evidence"]).answers.argmax()))
        times.append((time.perf_counter() - began) * 1000)
    right = [LABELS[answer] == pair["label"] for answer, pair in zip(answers, pairs, strict=True)]
    cases = [pair["case_id"] for pair in pairs]
    print(f"Supports or refutes (VitaminC, {len(pairs)} pairs of {len(set(cases))} cases kept out of training)")
    print(f"  accuracy {shown(right, cases)}; {statistics.median(times):.1f} ms a pair, median")
    for label in LABELS:
        of_label = [is_right for is_right, pair in zip(right, pairs, strict=True) if pair["label"] == label]
        print(f"  {label.lower()}: {100 * statistics.mean(of_label):.1f} of {len(of_label)} right")


if __name__ == "__main__":
    main()
