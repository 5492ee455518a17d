"""How often reader and matcher were right, of what people reviewed: by version, stance and band of the score."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, Exists, F, FloatField, Func, IntegerField, OuterRef, Q, QuerySet, Value

from apps.claims.models import Link
from apps.claims.precision import Judged, Share, share_of
from apps.claims.services.regrouping import SPLIT
from apps.claims.services.review import SAYS_THE_CLAIM
from apps.statements.models import Statement
from claimtrack.matching.stance import Stance

EDGES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Measured:
    """How often one version was right; `stance` and `band` None: over all of them.

    `other_stance` are links that people accepted with another stance than the suggested one: they count as wrong.
    """

    version: str
    stance: str | None
    band: tuple[float, float] | None
    share: Share
    other_stance: int = 0


def matcher_quality() -> list[Measured]:
    """Of the links that people decided on: accepted as suggested. A misread statement is no fault of the matcher."""
    rows: Any = (
        _reviewed_links()
        .values(version=F("matcher"), of_stance=F("suggested_stance"), band=_band("score"))
        .annotate(
            reviewed=Count("pk"),
            right=Count("pk", filter=_as_suggested()),
            accepted=Count("pk", filter=Q(state=Link.State.ACCEPTED)),
        )
        .order_by("version", "of_stance", "band")
    )
    return _with_totals(list(rows))


def reader_quality() -> list[Measured]:
    """Of the statements whose links people decided on: not rejected as misread.

    A link that was rejected without a reason says nothing of the reader.
    """
    decided = Link.objects.filter(statement=OuterRef("pk"), decided_by__isnull=False)
    is_misread = Exists(decided.filter(rejection=Link.Rejection.MISREAD))
    is_right = Exists(decided.filter(Q(state=Link.State.ACCEPTED) | Q(rejection=Link.Rejection.NOT_ABOUT)))
    rows: Any = (
        Statement.objects.annotate(is_misread=is_misread)
        .filter(Q(is_misread=True) | is_right)
        .values(version=F("reader"), band=_band("confidence"))
        .annotate(reviewed=Count("pk"), right=Count("pk", filter=Q(is_misread=False)))
        .order_by("version", "band")
    )
    return _with_totals(list(rows))


def judged_links(matcher: str, stances: Sequence[Stance] = tuple(Stance)) -> list[Judged]:
    """The score of each link of a version that people decided on, and whether they accepted it as suggested."""
    links = _reviewed_links().filter(matcher=matcher, suggested_stance__in=stances)
    right = set(links.filter(_as_suggested()).values_list("pk", flat=True))
    return [(score, pk in right) for pk, score in links.values_list("pk", "score")]


def _reviewed_links() -> QuerySet[Link]:
    """What a person decided on of what the matcher suggested: a claim that was opened, or split, it did not suggest."""
    decided = Link.objects.filter(decided_by__isnull=False).exclude(state=Link.State.SUGGESTED)
    return decided.exclude(
        Q(suggested_stance=Stance.MAKES)
        | Q(matcher=SPLIT)
        | Q(rejection__in=[Link.Rejection.SPLIT, Link.Rejection.MISREAD])
    )


def _as_suggested() -> Q:
    """Accepted with the suggested stance; a repetition that turned out the earliest saying is one all the same."""
    same = Q(stance=F("suggested_stance")) | Q(suggested_stance=Stance.UNSURE)
    sayings = Q(stance__in=SAYS_THE_CLAIM, suggested_stance__in=SAYS_THE_CLAIM)
    return Q(state=Link.State.ACCEPTED) & (same | sayings)


def _band(field: str) -> Func:
    edges = Value(list(EDGES), ArrayField(FloatField()))
    return Func(F(field), edges, function="width_bucket", output_field=IntegerField())


def _with_totals(rows: Sequence[dict[str, Any]]) -> list[Measured]:
    """Each version over all, then band by band."""
    versions = dict.fromkeys(row["version"] for row in rows)
    totals = [_measured(version, [row for row in rows if row["version"] == version]) for version in versions]
    edges = (0.0, *EDGES, 1.0)
    return totals + [
        _measured(row["version"], [row], row.get("of_stance"), (edges[row["band"]], edges[row["band"] + 1]))
        for row in rows
    ]


def _measured(
    version: str,
    rows: Sequence[dict[str, Any]],
    stance: str | None = None,
    band: tuple[float, float] | None = None,
) -> Measured:
    right, reviewed = sum(row["right"] for row in rows), sum(row["reviewed"] for row in rows)
    other_stance = sum(row.get("accepted", row["right"]) - row["right"] for row in rows)
    return Measured(version, stance, band, share_of(right, reviewed), other_stance)
