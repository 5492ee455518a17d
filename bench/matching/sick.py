"""Entailment, contradiction or neither (SICK), from what the shipped networks and the matcher's comparison know.

    python -m bench.matching.sick [--data FOLDER]

The folder holds `sick_train.tsv`. A small head is fitted to four fifths of it and answers the last, five times over. It
serves this measurement alone: nothing that the project ships has learnt from these sentences.
"""

import argparse
import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.matching.accuracy import shown
from bench.matching.sick_features import Matrix, features

LABELS = ("ENTAILMENT", "CONTRADICTION", "NEUTRAL")
FOLDS, SEED = 5, 7
REACH, RIDGE = 0.15, 0.1  # of the kernel, and what holds its weights down

type Labels = NDArray[np.int64]


def main() -> None:
    """Fit and answer fold by fold, and print the accuracy; say so where there is no data."""
    parser = argparse.ArgumentParser(prog="python -m bench.matching.sick", description="Score what tells entailment.")
    parser.add_argument("--data", type=Path, help="the folder with sick_train.tsv")
    arguments = parser.parse_args()
    if arguments.data is None:
        print("Entailment (SICK): skipped, as no folder with its file was named (MATCHING=folder).")
        return
    with (arguments.data / "sick_train.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    labels = np.array([LABELS.index(row["entailment_label"]) for row in rows])
    known = features([(row["sentence_A"], row["sentence_B"]) for row in rows])
    right = cross_validated(known, labels) == labels
    print(f"Entailment, contradiction or neither (SICK, {len(rows)} pairs, {FOLDS} folds)")
    print(f"  accuracy {shown(right.tolist(), [row['pair_ID'] for row in rows])}")


def cross_validated(known: Sequence[Matrix], labels: Labels) -> Labels:
    """Answer each fold by what was fitted to the others."""
    fold = np.random.default_rng(SEED).permutation(len(labels)) % FOLDS
    answers = np.zeros_like(labels)
    for number in range(FOLDS):
        answers[fold == number] = fitted_answers(known, labels, fold != number)
    return answers


def fitted_answers(known: Sequence[Matrix], labels: Labels, fitted: NDArray[np.bool_]) -> Labels:
    """Answer the pairs that are not `fitted`, by kernel ridge regression on those that are, a column for each label.

    The kernel is Gaussian. Features are standardised, and each table counts alike however many columns it has.
    """
    apart = sum(_apart(table, fitted) for table in known)
    kernel = np.exp(-REACH * apart)
    wanted = np.eye(len(LABELS))[labels[fitted]]
    weights = np.linalg.solve(kernel[fitted] + RIDGE * np.eye(len(wanted)), wanted - wanted.mean(axis=0))
    return (kernel[~fitted] @ weights + wanted.mean(axis=0)).argmax(axis=1)


def _apart(table: Matrix, fitted: NDArray[np.bool_]) -> Matrix:
    """The mean squares of the differences between all pairs and the fitted ones."""
    even = (table - table[fitted].mean(axis=0)) / (table[fitted].std(axis=0) + 1e-6) / np.sqrt(table.shape[1])
    size = (even**2).sum(axis=1)
    apart: Matrix = size[:, None] + size[fitted] - 2 * even @ even[fitted].T
    return apart


if __name__ == "__main__":
    main()
