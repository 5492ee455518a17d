"""Known claims that tweets repeat (CLEF 2020 CheckThat!, task 2), found by the service's own search for candidates.

    python -m bench.matching.clef [--data FOLDER] [--part dev|train]

The folder holds `clef2020_verified_claims.tsv`, and `clef2020_PART_queries.tsv` with `clef2020_PART.qrels`. Each claim
is stored with its title as one text; a claim that the collection has twice is stored once, as the service would keep
it, and answers with its first id. Scored are what the search for candidates finds, and what is answered to who looks
a text up over REST: the same, once the pair network has read the likeliest beside it. Prints MAP@5 with a 95 % interval
from drawing the queries again. The weights of the search were chosen on `train`; `dev` is the check.
"""

import argparse
import csv
import re
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from bench.database import temporary_database
from claimtrack.matching.embedding import embed
from claimtrack.matching.posts import plain

DEPTH, DRAWS, SEED = 5, 2000, 7
_WORD = re.compile(r"[a-z0-9]+")

type Search = Callable[[str], list[int]]


def main() -> None:
    """Load the claims, search for every query, print the scores; say so where there is no data."""
    parser = argparse.ArgumentParser(prog="python -m bench.matching.clef", description="Score the search for claims.")
    parser.add_argument("--data", type=Path, help="the folder with the files of CLEF 2020")
    parser.add_argument("--part", choices=("dev", "train"), default="dev")
    arguments = parser.parse_args()
    if arguments.data is None:
        print("Finding known claims (CLEF 2020): skipped, as no folder with its files was named (MATCHING=folder).")
        return
    queries = rows_of(arguments.data / f"clef2020_{arguments.part}_queries.tsv")
    wanted = relevant(arguments.data / f"clef2020_{arguments.part}.qrels")
    rows = rows_of(arguments.data / "clef2020_verified_claims.tsv")
    with temporary_database():
        from apps.claims.services.candidates import similar_claims  # noqa: PLC0415 - once Django is set up
        from apps.claims.services.looking_up import look_up_claims  # noqa: PLC0415

        ids = _load(rows)

        def search(tweet: str) -> list[int]:
            return [ids[found] for found in similar_claims(plain(tweet))]

        def look_up(tweet: str) -> list[int]:
            return [ids[found.claim_id] for found in look_up_claims(tweet)]

        look_up("warm")
        _print_scores(f"{arguments.part}, the search alone", queries, wanted, search)
        _print_scores(f"{arguments.part}, looked up as over REST", queries, wanted, look_up)


def _print_scores(part: str, queries: Sequence[Sequence[str]], wanted: Mapping[str, set[int]], search: Search) -> None:
    precisions, recalled, times = [], [], []
    for number, tweet in queries:
        began = time.perf_counter()
        found = search(tweet)
        times.append((time.perf_counter() - began) * 1000)
        precisions.append(average_precision(found, wanted[number]))
        recalled.append(len(wanted[number] & set(found)) / len(wanted[number]))
    draws = np.random.default_rng(SEED).choice(precisions, (DRAWS, len(precisions))).mean(axis=1)
    low, high = np.quantile(draws, [0.025, 0.975])
    slow = np.quantile(times, 0.95)
    print(f"Finding known claims (CLEF 2020 {part}, {len(queries)} queries)")
    print(f"  MAP@{DEPTH} {np.mean(precisions):.3f} ({low:.3f}–{high:.3f})")
    print(f"  recall in all candidates {np.mean(recalled):.3f}")
    print(f"  a query takes {statistics.median(times):.0f} ms (median), {slow:.0f} ms (95 %)")


def average_precision(found: Sequence[int], wanted: set[int]) -> float:
    """The mean of the precisions at each right one among the first `DEPTH`, of as many as there could be."""
    ranks = [rank for rank, one in enumerate(found[:DEPTH], start=1) if one in wanted]
    return sum(hits / rank for hits, rank in enumerate(ranks, start=1)) / min(len(wanted), DEPTH)


def _load(rows: Sequence[Sequence[str]]) -> dict[int, int]:
    """Store the claims, and return the id in the collection for each id in the database."""
    from django.db import connection  # noqa: PLC0415 - once Django is set up

    from apps.claims.models import Claim  # noqa: PLC0415

    once: dict[str, tuple[int, str]] = {}
    for number, claim, title in rows:
        once.setdefault(" ".join(_WORD.findall(claim.lower())), (int(number), f"{claim} {title}"))
    fields = {"kind": "assertion", "status": "unverified", "first_said_on": date(2020, 1, 1)}
    vectors = embed([text for _, text in once.values()])
    claims = [
        Claim(text=text, embedding=vector, **fields) for (_, text), vector in zip(once.values(), vectors, strict=True)
    ]
    stored = Claim.objects.bulk_create(claims, batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE claims_claim")
    return {claim.pk: number for claim, (number, _) in zip(stored, once.values(), strict=True)}


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines, delimiter="\t"))[1:]


def relevant(path: Path) -> dict[str, set[int]]:
    wanted: dict[str, set[int]] = {}
    for line in path.read_text("utf-8").splitlines():
        query, _, claim, _ = line.split()
        wanted.setdefault(query, set()).add(int(claim))
    return wanted


if __name__ == "__main__":
    main()
