"""A million claims and two million statements: `make bench-load` (some 40 minutes).

    python -m bench.load [--claims 1000000]

Generates and loads them into a PostgreSQL of their own, which is gone afterwards. Then new statements, which tell some
of the claims again, are searched for: how long that takes, which share of the nearest claims the vector index finds,
and what exact search and plain pg_trgm take beside it. Ends with status 1 where a target is missed.
"""

import argparse
import os
import sys
import time

from bench.database import temporary_database
from bench.load.meaning import Meanings
from bench.load.saying import World


def main() -> None:
    """Load, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.load", description="Search among very many claims.")
    parser.add_argument("--claims", type=int, default=1_000_000)
    claims = parser.parse_args().claims
    began = time.monotonic()

    def tell(what: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  load {os.getloadavg()[0]:4.1f}  {what}", flush=True)

    with temporary_database():
        from bench.load.asking import questions  # noqa: PLC0415 - once Django is set up
        from bench.load.figures import print_figures  # noqa: PLC0415
        from bench.load.loading import load  # noqa: PLC0415
        from bench.load.measuring import measure  # noqa: PLC0415

        tell(f"{os.cpu_count()} cores; making a world to speak of")
        world = World(claims)
        meanings = Meanings(world)
        loading = time.monotonic()
        loaded = load(world, meanings, claims, tell=tell)
        minutes = (time.monotonic() - loading) / 60
        tell(f"loaded in {minutes:.1f} minutes")
        measured = measure(questions(world, loaded.examples), loaded, tell=tell)
        sys.exit(print_figures(measured, minutes))


if __name__ == "__main__":
    main()
