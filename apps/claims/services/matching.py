"""From statements to claims: the only place where the machine links and opens claims."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
from django.db import connection, transaction
from django.db.models import Count
from django.db.models.functions import Coalesce, Now

from apps.claims.models import Claim, Link, Stage
from apps.claims.services.candidates import candidates_for
from apps.claims.services.renewing import Renewal, is_undecided, without_ghosts
from apps.claims.services.review import SAYS_THE_CLAIM, day_said, settle_maker, told_of
from apps.claims.services.tracking import Author, Wording, create_claim, lock_claims
from apps.claims.services.watching import revive
from apps.events.log import Happened, Outcome
from apps.events.models import EventKind
from apps.sources.models import Article, ArticleVersion
from apps.statements.models import Statement
from claimtrack.extraction.attribution import Kind, Polarity
from claimtrack.matching.decision import MATCHER, Suggestion, decide
from claimtrack.matching.decision import Outcome as Verdict
from claimtrack.matching.embedding import embed
from claimtrack.matching.identity import Placed, carried_over
from claimtrack.matching.stance import ClaimFacts, Stance, StatementFacts, denied_by_cue

_MATCH_LOCK = 0x6D617463  # "matc"
_MACHINE = Author(MATCHER)
_FAMILY = Coalesce("claim__root_id", "claim_id")


@transaction.atomic
def match_statements(*, version_id: int) -> Outcome[Article]:
    """Link the new statements of an article to the claims they bear on, open claims for the rest, and end its way.

    Statements of one speaker are matched by one worker at a time, so that two never open the same claim. An outer
    statement that only wraps a nested one opens no claim of its own, and what somebody denies was said opens none.
    """
    article_id = ArticleVersion.objects.values_list("article_id", flat=True).get(pk=version_id)
    article = Article.objects.select_for_update(no_key=True).get(pk=article_id)
    matched = match_waiting(article)
    article.state = Article.State.DONE
    article.save(update_fields=["state"])
    done = Happened(EventKind.ARTICLE_DONE, article_id=article.pk, payload=matched.value)
    return Outcome(article, [*matched.happened, done])


def match_waiting(article: Article, *, dated_anew: Iterable[int] = ()) -> Outcome[dict[str, int]]:
    """Match the statements of a locked article that wait for it, and count what came of them.

    Links that the machine made before, and nobody decided on, are renewed or taken back. `dated_anew` are claims that
    statements of the article say, of which we learnt that they were said on another day.
    """
    statements = list(
        Statement.objects.filter(article=article)
        .to_match()
        .select_related("speaker", "article", "outer__outer")
        .prefetch_related("nested")
        .order_by("pk")
    )
    _lock_speakers(statements)
    matching = _Matching(dated_anew)
    superseded = [one for one in statements if one.state == Statement.State.SUPERSEDED]
    if superseded:
        matching.supersede(superseded)
    for statement in statements:
        if statement.state == Statement.State.CURRENT and stands_for_itself(statement):
            matching.match(statement)
    matching.settle()
    Statement.objects.filter(pk__in=[one.pk for one in statements]).update(matched_at=Now(), matcher=MATCHER)
    return Outcome({"statements": len(statements) - len(superseded), **matching.counts}, matching.happened)


class _Matching:
    """One run of the matcher over the statements of an article."""

    def __init__(self, touched: Iterable[int] = ()) -> None:
        self.happened: list[Happened] = []
        self.counts = {"claims": 0, "accepted": 0, "suggested": 0}
        self._renewal = Renewal()
        self._touched = set(touched)
        self._heard_of: set[int] = set()

    def supersede(self, statements: Sequence[Statement]) -> None:
        self.happened += self._renewal.supersede(statements)

    def match(self, statement: Statement) -> None:
        links = list(statement.links.select_related("claim").defer("claim__search", "claim__embedding"))
        undecided = {link.claim_id: link for link in links if is_undecided(link)}
        settled = {link.claim.family_pk for link in links if link.claim_id not in undecided}
        known = _rejected_claims(statement) | settled | self._renewal.abandoned
        claims = [claim for claim in candidates_for(statement) if claim.family_pk not in known]
        claims = without_ghosts(claims, own=undecided)
        facts = _facts(statement)
        attracted = _attracted(claims)
        decision = decide(facts, [_claim_facts(claim, attracted[claim.pk]) for claim in claims])
        by_id = {claim.pk: claim for claim in claims}
        says = [link for link in links if link.state == Link.State.ACCEPTED and link.stance in SAYS_THE_CLAIM]
        is_settled = any(link.decided_by_id for link in says)  # a person said which claim it says
        suggested: set[int] = set()
        for suggestion in decision.suggestions:
            claim = by_id[suggestion.claim_id]
            if claim.family_pk not in suggested:  # of claims that are merged, the wording that it fits best
                suggested.add(claim.family_pk)
                is_sure = decision.outcome is Verdict.ACCEPT and suggestion is decision.suggestions[0]
                state = Link.State.ACCEPTED if is_sure and not is_settled else Link.State.SUGGESTED
                self._link(statement, claim, suggestion, state, undecided.pop(claim.pk, None))
        for link in undecided.values():
            if link.state == Link.State.SUGGESTED:
                self._renewal.withdraw(link, "not suggested any more")
        if decision.opens_claim and not says:
            self._open(statement, facts)

    def settle(self) -> None:
        """Give each claim that was repeated to its earliest statement, and bring back those that were put away.

        Locks are taken in one order for everybody.
        """
        put_away = Claim.objects.filter(pk__in=self._heard_of, stage=Stage.ARCHIVED).values_list("pk", flat=True)
        claims = lock_claims({*self._touched, *put_away, *self._renewal.claim_ids})
        for claim in claims.values():
            if claim.pk in self._heard_of:
                self.happened += revive(claim)
            if claim.pk in self._touched - self._renewal.claim_ids:
                self.happened += settle_maker(claim, _MACHINE)
        self.happened += self._renewal.carry_out(claims)

    def _link(
        self, statement: Statement, claim: Claim, suggestion: Suggestion, state: Link.State, before: Link | None
    ) -> None:
        accepted = state == Link.State.ACCEPTED
        self.counts["accepted" if accepted else "suggested"] += 1
        if before is None or before.state == Link.State.REJECTED:
            self._heard_of |= {claim.pk, claim.family_pk}
        if before is not None:
            self._renewal.suggest(before, suggestion, state)
            return
        link = Link.objects.create(
            statement=statement,
            claim=claim,
            stance=suggestion.stance,
            suggested_stance=suggestion.stance,
            state=state,
            score=suggestion.score,
            reasons=list(suggestion.reasons),
            matcher=MATCHER,
        )
        if accepted:
            self._touched.add(claim.pk)
        self.happened.append(told_of(link, EventKind.LINK_ACCEPTED if accepted else EventKind.LINK_SUGGESTED))

    def _open(self, statement: Statement, facts: StatementFacts) -> None:
        made = create_claim(
            wording=Wording(_claim_text(facts), Kind(statement.kind), day_said(statement), _due(statement)),
            speakers=[statement.speaker],
            by=_MACHINE,
            stage=Stage.CANDIDATE,
            check_worthiness=statement.check_worthiness,
        )
        link = Link.objects.create(
            statement=statement,
            claim=made.value,
            stance=Stance.MAKES,
            suggested_stance=Stance.MAKES,
            state=Link.State.ACCEPTED,
            score=statement.confidence,
            reasons=["said here first"],
            matcher=MATCHER,
        )
        self.counts["claims"] += 1
        self.happened += [*made.happened, told_of(link, EventKind.LINK_ACCEPTED)]


def stands_for_itself(statement: Statement) -> bool:
    """Whether a statement can bear on a claim: one that only wraps a nested one cannot, and a denial takes back what
    it wraps. "Reed denied that the state had promised to pay" is Reed's denial, and nobody's promise.
    """
    outer = statement.outer
    while outer is not None:
        if _is_denial(outer):
            return False
        outer = outer.outer
    return _is_denial(statement) or not any(
        inner.state != Statement.State.SUPERSEDED for inner in statement.nested.all()
    )


def _is_denial(statement: Statement) -> bool:
    return denied_by_cue(statement.proposition, negated=statement.polarity == Polarity.NEGATED)


def _lock_speakers(statements: Sequence[Statement]) -> None:
    with connection.cursor() as cursor:
        for speaker_id in sorted({statement.speaker.root_pk for statement in statements}):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_MATCH_LOCK, speaker_id % 2**31])


def _rejected_claims(statement: Statement) -> set[int]:
    """The claims that somebody said this quotation does not bear on, here or in a copy of the article.

    Of claims that are merged, the one that stands for them: a rejection follows merges.
    """
    rejected = Link.objects.filter(
        state=Link.State.REJECTED, decided_by__isnull=False, statement__article__cluster=statement.article.cluster_id
    )
    rows = rejected.values_list(_FAMILY, "statement__text", "statement_id")
    return {claim for claim, text, owner in rows if owner == statement.pk or _same_quotation(text, statement.text)}


def _same_quotation(one: str, other: str) -> bool:
    """Whether two texts are copies of one quotation, by the rule by which a statement keeps its identity."""
    whole, rest = Placed(((0, len(one)),), "", False), Placed(((0, len(other)),), "", False)
    return bool(carried_over([whole], [rest], one, other))


def _facts(statement: Statement) -> StatementFacts:
    return StatementFacts(
        text=statement.proposition,
        speaker_ids=frozenset({str(statement.speaker.root_pk)}),
        kind=statement.kind,
        polarity_negated_by_cue=_is_denial(statement),
        said_on=day_said(statement),
        due_on=statement.due_on,
        check_worthiness=statement.check_worthiness,
        meaning=embed([statement.proposition])[0],
    )


def _attracted(claims: Sequence[Claim]) -> Counter[int]:
    """How many statements are linked to each claim, suggestions that nobody rejected among them."""
    links = Link.objects.filter(claim__in=claims).exclude(state=Link.State.REJECTED)
    return Counter(dict(links.order_by().values_list("claim_id").annotate(Count("pk"))))


def _claim_facts(claim: Claim, attracted: int) -> ClaimFacts:
    return ClaimFacts(
        claim_id=claim.pk,
        text=claim.text,
        speaker_ids=frozenset(str(speaker.root_pk) for speaker in claim.speakers.all()),
        kind=claim.kind,
        first_said_on=claim.first_said_on,
        due_on=claim.due_on,
        attracted=attracted,
        meaning=None if claim.embedding is None else np.asarray(claim.embedding, dtype=np.float32),
    )


def _claim_text(facts: StatementFacts) -> str:
    """What the claim says: a denial says that its content is not so."""
    return (
        f"It is not true that {facts.text[:1].lower()}{facts.text[1:]}" if facts.polarity_negated_by_cue else facts.text
    )


def _due(statement: Statement) -> date | None:
    """The day the claim is due; a day before it was said is a misreading that no claim can have."""
    return statement.due_on if statement.due_on and statement.due_on >= day_said(statement) else None
