"""Looking again at links that nobody decided on: a newer matcher renews them, or takes them back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from apps.claims.models import Claim, Evidence, Link, Stage
from apps.claims.services.review import SAYS_THE_CLAIM, first_said_by_the_rest, settle_maker, told_of
from apps.claims.services.tracking import Author
from apps.events.log import Happened
from apps.events.models import EventKind
from apps.statements.models import Statement
from claimtrack.matching.decision import MATCHER, Suggestion
from claimtrack.matching.stance import Stance

SAID_FIRST = "said here first"


@dataclass(frozen=True, slots=True)
class _Wanted:
    suggestion: Suggestion
    state: Link.State


class Renewal:
    """Changes to the links of some statements: gathered while these are matched, made when the claims are locked.

    What a person decides in between stands.
    """

    def __init__(self) -> None:
        self.claim_ids: set[int] = set()
        self.abandoned: set[int] = set()
        """The claims that nobody says any more, once this is carried out."""
        self._wanted: dict[int, _Wanted] = {}
        self._taken_back: dict[int, str] = {}
        self._lost_maker: set[int] = set()

    def suggest(self, link: Link, suggestion: Suggestion, state: Link.State) -> None:
        """Let a link that waits, or was taken back, be what the matcher makes of it now."""
        self._wanted[link.pk] = _Wanted(suggestion, state)
        self.claim_ids.add(link.claim_id)

    def reopen(self, link: Link, score: float) -> None:
        """Let a statement that is found again make the claim that it made before."""
        self.suggest(link, Suggestion(link.claim_id, Stance.MAKES, score, score, (SAID_FIRST,)), Link.State.ACCEPTED)

    def withdraw(self, link: Link, because: str) -> None:
        """Take back a link that nobody decided on."""
        self._taken_back[link.pk] = because
        self.claim_ids.add(link.claim_id)
        if link.stance == Stance.MAKES and link.state == Link.State.ACCEPTED:
            self._lost_maker.add(link.claim_id)

    def supersede(self, statements: Collection[Statement]) -> list[Happened]:
        """Take back what the machine made of statements that a newer reader does not find.

        One that a person vouched for stays as it is.
        """
        kept = _vouched_for(statements)
        Statement.objects.filter(pk__in=kept).update(state=Statement.State.CURRENT)
        lost = [statement for statement in statements if statement.pk not in kept]
        for link in Link.objects.filter(statement__in=lost, decided_by=None).exclude(state=Link.State.REJECTED):
            self.withdraw(link, "superseded")
        said = Link.objects.filter(claim__in=self._lost_maker, state=Link.State.ACCEPTED, stance__in=SAYS_THE_CLAIM)
        still = said.exclude(pk__in=self._taken_back).values_list("claim_id", flat=True)
        self.abandoned = self._lost_maker - set(still)
        return [
            Happened(
                EventKind.STATEMENT_SUPERSEDED,
                article_id=statement.article_id,
                statement_id=statement.pk,
                payload={"reader": statement.reader},
            )
            for statement in lost
        ]

    def carry_out(self, claims: Mapping[int, Claim]) -> list[Happened]:
        """Make the changes, the claims being locked, and see to it that each claim is made by whoever said it first."""
        changed = (
            Link.objects.filter(pk__in={*self._wanted, *self._taken_back})
            .select_related("statement")
            .select_for_update(no_key=True, of=("self",))
            .order_by("pk")
        )
        happened: list[Happened] = []
        for link in changed:
            if link.pk in self._wanted and is_undecided(link):
                happened += _renewed(link, self._wanted[link.pk])
            elif link.pk in self._taken_back and link.decided_by_id is None:
                happened.append(_withdrawn(link, self._taken_back[link.pk]))
        for claim_id in sorted(self.claim_ids):
            claim = claims[claim_id]
            happened += settle_maker(claim, Author(MATCHER))
            if claim_id in self._lost_maker:
                happened += _without_its_maker(claim)
        return happened


def is_undecided(link: Link) -> bool:
    """Whether a link waits for a person, or was taken back by the machine."""
    waits = link.state == Link.State.SUGGESTED or link.rejection == Link.Rejection.WITHDRAWN
    return waits and link.decided_by_id is None


def opened_before(links: Iterable[Link]) -> Link | None:
    """The link of a statement to the claim that was opened for it, where that was taken back."""
    of_opening = (link for link in links if link.suggested_stance == Stance.MAKES)
    return next((link for link in of_opening if link.rejection == Link.Rejection.WITHDRAWN), None)


def without_ghosts(claims: Sequence[Claim], own: Iterable[int]) -> list[Claim]:
    """Leave out the claims that nobody says since that was taken back, but for a statement's `own`."""
    put_away = {claim.pk for claim in claims if claim.stage == Stage.ARCHIVED} - set(own)
    if not put_away:
        return list(claims)
    links = Link.objects.filter(claim__in=put_away, stance__in=SAYS_THE_CLAIM)
    taken_back = links.filter(rejection=Link.Rejection.WITHDRAWN).values_list("claim_id", flat=True)
    ghosts = set(taken_back) - set(links.filter(state=Link.State.ACCEPTED).values_list("claim_id", flat=True))
    return [claim for claim in claims if claim.pk not in ghosts]


def _vouched_for(statements: Collection[Statement]) -> set[int]:
    """Those that a person decided on (not as misread), judged on, or whose own claim somebody took up."""
    links = Link.objects.filter(statement__in=statements)
    decided = links.filter(decided_by__isnull=False).exclude(rejection=Link.Rejection.MISREAD)
    merged = Q(claim__root__isnull=False) | Q(claim__members__isnull=False)
    taken_up = links.filter(
        Q(claim__stage=Stage.TRACKED) | Q(claim__last_reviewed_at__isnull=False) | merged,
        state=Link.State.ACCEPTED,
        stance=Stance.MAKES,
    )
    judged_on = Evidence.objects.filter(statement__in=statements)
    found = [rows.values_list("statement_id", flat=True) for rows in (decided, taken_up, judged_on)]
    return {statement_id for ids in found for statement_id in ids if statement_id is not None}


def _renewed(link: Link, wanted: _Wanted) -> list[Happened]:
    """The event of a link, where followers were told something else of it before."""
    kind = EventKind.LINK_ACCEPTED if wanted.state == Link.State.ACCEPTED else EventKind.LINK_SUGGESTED
    before = told_of(link, kind).payload
    link.stance = link.suggested_stance = wanted.suggestion.stance
    link.state, link.rejection = wanted.state, ""
    link.score, link.reasons, link.matcher = wanted.suggestion.score, list(wanted.suggestion.reasons), MATCHER
    link.save(update_fields=["stance", "suggested_stance", "state", "rejection", "score", "reasons", "matcher"])
    told = told_of(link, kind)
    return [told] if told.payload != before else []


def _withdrawn(link: Link, because: str) -> Happened:
    link.state, link.rejection = Link.State.REJECTED, Link.Rejection.WITHDRAWN
    link.save(update_fields=["state", "rejection"])
    return told_of(link, EventKind.LINK_WITHDRAWN, because=because)


def _without_its_maker(claim: Claim) -> list[Happened]:
    """A claim was first said by the earliest of the rest; one that is nobody's any more is put away."""
    if claim.links.filter(state=Link.State.ACCEPTED, stance__in=SAYS_THE_CLAIM).exists():
        reason = "An earlier statement turned out to be misread."
        return list(first_said_by_the_rest(claim, reason=reason, by=Author(MATCHER)))
    if claim.stage != Stage.CANDIDATE:
        return []
    claim.stage = Stage.ARCHIVED
    claim.save(update_fields=["stage"])
    return [Happened(EventKind.CLAIM_ARCHIVED, claim_id=claim.pk, payload={"because": "superseded"})]
