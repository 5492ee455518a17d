"""`manage.py calibrate`: which thresholds of the matcher follow from what people decided."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from apps.claims.precision import FEWEST, Judged, accept_from, review_from, share_of
from apps.claims.quality import EDGES, judged_links
from claimtrack.matching.decision import ACCEPT_AT, MATCHER, REVIEW_AT
from claimtrack.matching.stance import Stance


class Command(BaseCommand):
    help = (
        "Propose thresholds of the matcher from what people decided on its links. It changes nothing: the thresholds"
        " stand in claimtrack/matching/decision.py."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--matcher", default=MATCHER, metavar="VERSION", help=f"else the present one, {MATCHER}")
        parser.add_argument(
            "--precision", type=_share, default=0.95, help="how often an automatic accept must be right (0.95)"
        )
        parser.add_argument(
            "--lose", type=_share, default=0.05, help="the share of right links that may be left unseen (0.05)"
        )

    def handle(self, *, matcher: str, precision: float, lose: float, **_: Any) -> None:
        try:
            repetitions, judged = judged_links(matcher, [Stance.REPEATS]), judged_links(matcher)
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(
                f"The database is not ready: is `manage.py up` running? ({str(error).splitlines()[0]})"
            ) from error
        if len(judged) < FEWEST:
            raise CommandError(
                f"People decided on {len(judged)} links of {matcher}; from {FEWEST} on thresholds can be proposed."
            )
        self._tell_bands(matcher, judged)
        accept, review = accept_from(repetitions, at_least=precision), review_from(judged, lose_at_most=lose)
        proposed = f"{accept:.3f}" if accept is not None else "none is sure enough"
        self.stdout.write(f"\naccept a repetition by itself from: {proposed} (now {ACCEPT_AT})")
        self.stdout.write(f"show a link to people from: {review:.3f} (now {REVIEW_AT})" if review is not None else "")

    def _tell_bands(self, matcher: str, judged: list[Judged]) -> None:
        self.stdout.write(f"{matcher}: {len(judged):,} links that people decided on\n")
        self.stdout.write("score        reviewed  right  95 % interval")
        for low, high in zip((0.0, *EDGES), (*EDGES, 1.0), strict=True):
            here = [is_right for score, is_right in judged if low <= score < high or score == high == 1.0]
            if here:
                found = share_of(sum(here), len(here))
                between = f"{found.low:.1%} - {found.high:.1%}"
                self.stdout.write(f"{low:.2f} - {high:.2f}  {found.reviewed:8,}  {found.share:5.1%}  {between}")


def _share(text: str) -> float:
    share = float(text)
    if not 0 < share < 1:
        raise ValueError("a share lies between 0 and 1")
    return share
