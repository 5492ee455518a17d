"""Claims as they stood on a day, as known at a moment: the bitemporal rule of docs/architecture.md, in SQL.

`apps.claims.history.status_on` is the same rule for rows in memory; a test holds the two together.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    Func,
    JSONField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, TruncDate

from apps.claims.history import NOW, AsKnown
from apps.claims.models import Claim, ClaimQuerySet, ClaimRevision, Link, LinkQuerySet, Membership, StatusChange
from apps.claims.statuses import ClaimStatus, initial_status, status_in
from apps.events.models import Event, EventKind
from claimtrack.errors import NotFound
from claimtrack.extraction.attribution import Kind

WORDING = ("text", "kind", "due_on", "resolution_criteria")


_TERMS = {
    str(kind): {"": str(initial_status(kind)), **{str(one): str(status_in(kind, one)) for one in ClaimStatus}}
    for kind in Kind
}
"""What each status, and none (''), is called for a claim of each kind: one may have been judged while of another."""


class AbsentThen(NotFound):
    """The claim had not been made on that day, or was not known at that moment."""

    code = "absent_then"


def claims_then(claims: ClaimQuerySet, then: AsKnown = NOW) -> Any:
    """Those of the claims that there were, with `then_text`, `then_kind`, `then_due_on`, `then_resolution_criteria`,
    `then_first_said_on`, `then_status`, `then_root` (what it was merged into) and `independent_stories`.

    First said and stories are those of the whole family: the claim and what was merged into it. `shown_then` puts the
    values where an answer reads them.
    """
    rows: Any = claims.annotate(**{f"then_{field}": _said_then(field, then) for field in WORDING})
    rows = rows.annotate(
        then_root=_root_then(then), then_first_said_on=_first_said_then(then), then_status=_status_then(then)
    )
    if then.known_at:
        rows = rows.filter(then_kind__isnull=False)
    if then.as_of:
        rows = rows.filter(then_first_said_on__lte=then.as_of)
    return rows.annotate(independent_stories=_stories_then(then))


def shown_then(claim: Any, then: AsKnown = NOW) -> Claim:
    """A claim that came by `claims_then`, with the values of then in its own fields; it is not to be saved."""
    for field in (*WORDING, "first_said_on", "status"):
        setattr(claim, field, getattr(claim, f"then_{field}"))
    if then.known_at and claim.last_reviewed_at and claim.last_reviewed_at > then.known_at:
        claim.last_reviewed_at = None
    if not then.is_now:
        claim.flags = []
    shown: Claim = claim
    return shown


def as_known(claim: Claim, then: AsKnown = NOW) -> Claim:
    """The claim, unsaved, with wording, status and stories of that day as known at that moment. Raises AbsentThen."""
    alone = Claim.objects.with_details().filter(pk=claim.pk)
    found = claims_then(alone, then).first()
    if found is not None:
        return shown_then(found, then)
    known: Any = claims_then(alone, AsKnown(known_at=then.known_at)).first()
    if known is None:
        raise AbsentThen("This claim was not known at that moment.", field="known_at")
    raise AbsentThen(f"This claim was first said on {known.then_first_said_on}.", field="as_of")


def of_speakers_then(claims: Any, speaker_ids: Sequence[int], then: AsKnown = NOW) -> Any:
    """Those of the claims that are by one of these speakers, or into which one of theirs was merged then."""
    if not then.known_at:
        return claims.of_speakers(speaker_ids)
    said = Claim.objects.filter(speakers__in=speaker_ids)
    merged = Membership.objects.filter(_by_then(then), claim__in=said)
    return claims.filter(Q(pk__in=said.values("pk")) | Q(pk__in=merged.values("root_id")))


def merged_into(claims: Sequence[Claim], then: AsKnown = NOW) -> QuerySet[Any, Any]:
    """The ids of what was merged into any of the claims then."""
    if not then.known_at:
        return Claim.objects.filter(root__in=claims).values("pk")
    return Membership.objects.filter(_by_then(then), root__in=claims).values("claim_id")


def in_family(column: str, root: int | OuterRef, then: AsKnown = NOW) -> Func:
    """Whether the claim whose id stands in a column is this one, or one that was merged into it then."""
    outer = OuterRef(root) if isinstance(root, OuterRef) else root
    members: QuerySet[Any, Any]
    if then.known_at:
        members = Membership.objects.filter(_by_then(then), root=outer).values("claim_id")
    else:
        members = Claim.objects.filter(root=outer).values("pk")
    own = root if isinstance(root, OuterRef) else Value(root, BigIntegerField())
    ids = Func(ArraySubquery(members), own, template="ANY(array_append(%(expressions)s))")
    return Func(F(column), ids, template="%(expressions)s", arg_joiner=" = ", output_field=BooleanField())


def links_then(links: LinkQuerySet, then: AsKnown = NOW) -> Any:
    """The links that there were, with `then_state`, `then_stance`, `then_recorded_at` as the event log told of them.

    Without what the machine linked to a claim while a person had rejected it for one that was merged with it.
    """
    rows: Any = links
    if then.known_at:
        told = Event.objects.filter(link_id=OuterRef("pk"), at__lte=then.known_at).order_by("-pk")
        rows = rows.annotate(
            then_state=Subquery(told.values(state=KeyTextTransform("state", "payload"))[:1]),
            then_stance=Subquery(told.values(stance=KeyTextTransform("stance", "payload"))[:1]),
            then_recorded_at=Subquery(told.values("at")[:1]),
            then_by_person=Subquery(told.values(by_person=KeyTextTransform("by_person", "payload"))[:1]),
            then_family=_family_then(then),
        ).filter(then_state__isnull=False)
        refused = Link.objects.annotate(kind_told=Subquery(told.values("kind")[:1]), family=_family_then(then)).filter(
            kind_told=EventKind.LINK_REJECTED, statement=OuterRef("statement"), family=OuterRef("then_family")
        )
        rows = rows.filter(Q(then_by_person="true") | ~Exists(refused.exclude(claim=OuterRef("claim"))))
    else:
        rows = rows.unrefused().annotate(
            then_state=F("state"), then_stance=F("stance"), then_recorded_at=Coalesce("decided_at", "created_at")
        )
    if then.as_of:
        said_on = Coalesce("statement__said_on", TruncDate("statement__article__received_at"))
        rows = rows.annotate(day_said=said_on).filter(day_said__lte=then.as_of)
    return rows


def _family_then(then: AsKnown) -> Coalesce:
    """The claim that stood for a link's claim then: itself, where it was not merged."""
    stood_for = Membership.objects.filter(_by_then(then), claim=OuterRef("claim"))
    return Coalesce(Subquery(stood_for.values("root_id")[:1]), F("claim_id"), output_field=BigIntegerField())


def _by_then(then: AsKnown) -> Q:
    """Of memberships: those that held at the moment."""
    return Q(since__lte=then.known_at) & (Q(until=None) | Q(until__gt=then.known_at))


def _said_then(field: str, then: AsKnown) -> F | Subquery:
    if not then.known_at:
        return F(field)
    newest = ClaimRevision.objects.filter(claim=OuterRef("pk"), recorded_at__lte=then.known_at).order_by("-seq")
    return Subquery(newest.values(field)[:1])


def _root_then(then: AsKnown) -> F | Subquery:
    if not then.known_at:
        return F("root_id")
    return Subquery(Membership.objects.filter(_by_then(then), claim=OuterRef("pk")).values("root_id")[:1])


def _first_said_then(then: AsKnown) -> Subquery:
    if not then.known_at:
        family: QuerySet[Any] = Claim.objects.filter(in_family("pk", OuterRef("pk"), then))
    else:
        later = ClaimRevision.objects.filter(
            claim=OuterRef("claim"), seq__gt=OuterRef("seq"), recorded_at__lte=then.known_at
        )
        family = ClaimRevision.objects.filter(
            ~Exists(later), in_family("claim_id", OuterRef("pk"), then), recorded_at__lte=then.known_at
        )
    first = family.order_by().values(family=Value(1)).annotate(first=Min("first_said_on")).values("first")
    return Subquery(first, output_field=DateField())


def _status_then(then: AsKnown) -> F | Func:
    if then.is_now:
        return F("status")
    changes = StatusChange.objects.filter(claim=OuterRef("pk")).exclude(to_status="")
    corrections = StatusChange.objects.filter(corrects=OuterRef("pk"))
    if then.known_at:
        changes = changes.filter(recorded_at__lte=then.known_at)
        corrections = corrections.filter(recorded_at__lte=then.known_at)
    if then.as_of:
        changes = changes.filter(effective_on__lte=then.as_of)
    standing = changes.filter(~Exists(corrections)).order_by("-effective_on", "-seq")
    status = Coalesce(Subquery(standing.values("to_status")[:1]), Value(""), output_field=CharField())
    terms = Cast(Value(json.dumps(_TERMS)), JSONField())
    kind = _said_then("kind", then)
    return Func(terms, kind, status, function="jsonb_extract_path_text", output_field=CharField())


def _stories_then(then: AsKnown) -> Coalesce:
    """How many stories carry a claim in a text that we fetched or an editor confirmed; copies count once."""
    of_family = Link.objects.filter(in_family("claim_id", OuterRef("pk"), then))
    accepted = links_then(of_family, then).vouched_for(then.known_at).filter(then_state=Link.State.ACCEPTED)
    counted = accepted.order_by().values(family=Value(1))
    stories = counted.annotate(stories=Count("statement__article__cluster", distinct=True)).values("stories")
    return Coalesce(Subquery(stories), 0)
