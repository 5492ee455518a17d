"""From statements to claims: the only place where the machine links and opens claims."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, transaction
from django.db.models import BinaryField, Count, Func, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now

from apps.claims.models import Claim, Link, Stage
from apps.claims.services.candidates import similar_claims
from apps.claims.services.renewing import SAID_FIRST, Renewal, is_undecided, opened_before, without_ghosts
from apps.claims.services.review import SAYS_THE_CLAIM, day_said, settle_maker, told_of
from apps.claims.services.tracking import Author, Wording, create_claim, lock_claims
from apps.claims.services.watching import revive
from apps.events.log import Happened, Outcome
from apps.events.models import EventKind
from apps.sources.models import Article, ArticleVersion
from apps.statements.models import Speaker, Statement
from claimtrack.extraction.attribution import Kind, Polarity
from claimtrack.matching.decision import MATCHER, Suggestion, decide
from claimtrack.matching.decision import Outcome as Verdict
from claimtrack.matching.embedding import Vectors, embed
from claimtrack.matching.identity import Placed, carried_over
from claimtrack.matching.stance import ClaimFacts, Stance, StatementFacts, denied_by_cue

_MATCH_LOCK = 0x6D617463  # "matc"
_MACHINE = Author(MATCHER)
_SAMPLE = "The bridge will open by the end of June", "Anna Weber said in May that a new bridge opens in June 2019"


def load_matcher() -> None:
    """Compare something, so that the first article finds in memory what matching needs."""
    said, known = embed(_SAMPLE)
    statement = StatementFacts(_SAMPLE[0], frozenset({"1"}), Kind.PROMISE, meaning=said)
    decide(statement, [ClaimFacts(1, _SAMPLE[1], frozenset({"1"}), Kind.PROMISE, meaning=known)])


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
    superseded = [one for one in statements if one.state == Statement.State.SUPERSEDED]
    current = [one for one in statements if one.state == Statement.State.CURRENT and stands_for_itself(one)]
    matching = _Matching(article, current, dated_anew)
    if superseded:
        matching.supersede(superseded)
    matching.match_all()
    matching.settle()
    Statement.objects.filter(pk__in=[one.pk for one in statements]).update(matched_at=Now(), matcher=MATCHER)
    return Outcome({"statements": len(statements) - len(superseded), **matching.counts}, matching.happened)


class _Matching:
    """One run of the matcher over statements of an article; what it needs to know of all of them is asked once."""

    def __init__(self, article: Article, statements: Sequence[Statement], touched: Iterable[int]) -> None:
        self.happened: list[Happened] = []
        self.counts = {"claims": 0, "accepted": 0, "suggested": 0}
        self._statements = statements
        self._families = _families(statements)
        self._rejected = _rejected_in_story(article)
        self._links = _links_of(statements)
        self._known = _KnownClaims()
        self._renewal = Renewal()
        self._new: list[tuple[Link, Sequence[Happened]]] = []
        """The new links, each with what happened just before it."""
        self._touched = set(touched)
        self._heard_of: set[int] = set()

    def supersede(self, statements: Sequence[Statement]) -> None:
        self.happened += self._renewal.supersede(statements)

    def match_all(self) -> None:
        meanings = embed([statement.proposition for statement in self._statements])
        for statement, meaning in zip(self._statements, meanings, strict=True):
            self._match(statement, _facts(statement, meaning))
        Link.objects.bulk_create(link for link, _ in self._new)
        for link, before in self._new:
            accepted = link.state == Link.State.ACCEPTED
            told = told_of(link, EventKind.LINK_ACCEPTED if accepted else EventKind.LINK_SUGGESTED)
            self.happened += [*before, told]

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

    def _match(self, statement: Statement, facts: StatementFacts) -> None:
        links = self._links[statement.pk]
        opened = opened_before(links)
        undecided = {link.claim_id: link for link in links if link is not opened and is_undecided(link)}
        settled = {link.claim.family_pk for link in links if link.claim_id not in undecided}
        settled |= self._rejected_claims(statement) | self._renewal.abandoned
        claims = [claim for claim in self._candidates(statement, facts) if claim.family_pk not in settled]
        claims = without_ghosts(claims, own=undecided)
        decision = decide(facts, [self._known.facts(claim) for claim in claims])
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
                self._suggest(statement, claim, suggestion, state, undecided.pop(claim.pk, None))
        for link in undecided.values():
            if link.state == Link.State.SUGGESTED:
                self._renewal.withdraw(link, "not suggested any more")
        if decision.opens_claim and not says:
            if opened is None:
                self._open(statement, facts)
            else:
                self._heard_of.add(opened.claim_id)
                self._renewal.reopen(opened, statement.confidence)

    def _candidates(self, statement: Statement, facts: StatementFacts) -> list[Claim]:
        """The claims most like a statement. The speaker's own name is no search term: all they say would be alike."""
        found = similar_claims(
            facts.text,
            speaker_ids=self._families[statement.speaker.root_pk],
            said_on=statement.said_on,
            without=statement.speaker.names,
            vector=facts.meaning,
        )
        return self._known.claims(found)

    def _rejected_claims(self, statement: Statement) -> set[int]:
        """The claims that somebody said this quotation does not bear on, here or in a copy of the article.

        Of claims that are merged, the one that stands for them: a rejection follows merges.
        """
        return {
            link.claim.family_pk
            for link in self._rejected
            if link.statement_id == statement.pk or _same_quotation(link.statement.text, statement.text)
        }

    def _suggest(
        self, statement: Statement, claim: Claim, suggestion: Suggestion, state: Link.State, before: Link | None
    ) -> None:
        accepted = state == Link.State.ACCEPTED
        self.counts["accepted" if accepted else "suggested"] += 1
        if before is None or before.state == Link.State.REJECTED:
            self._heard_of |= {claim.pk, claim.family_pk}
        if before is not None:
            self._renewal.suggest(before, suggestion, state)
            return
        if accepted:
            self._touched.add(claim.pk)
        link = _link(statement, claim, suggestion.stance, state, suggestion.score)
        link.reasons = list(suggestion.reasons)
        self._keep(link)

    def _open(self, statement: Statement, facts: StatementFacts) -> None:
        text = facts.in_full
        made = create_claim(
            wording=Wording(text, Kind(statement.kind), day_said(statement), _due(statement)),
            speakers=[statement.speaker],
            by=_MACHINE,
            stage=Stage.CANDIDATE,
            check_worthiness=statement.check_worthiness,
            meaning=facts.meaning if text == facts.text else None,
        )
        meaning = np.asarray(made.value.embedding, dtype=np.float32)
        self._known.add(made.value, facts.speaker_ids, meaning)
        link = _link(statement, made.value, Stance.MAKES, Link.State.ACCEPTED, statement.confidence)
        link.reasons = [SAID_FIRST]
        self._keep(link, after=made.happened)
        self.counts["claims"] += 1

    def _keep(self, link: Link, after: Sequence[Happened] = ()) -> None:
        self._new.append((link, after))
        self._known.note_link(link.claim)


@dataclass(slots=True)
class _KnownClaim:
    claim: Claim
    speaker_ids: frozenset[str]
    attracted: int
    meaning: Vectors | None


class _KnownClaims:
    """The claims that the statements of an article are compared with: each is fetched once; those opened are added."""

    def __init__(self) -> None:
        self._known: dict[int, _KnownClaim] = {}

    def claims(self, claim_ids: Sequence[int]) -> list[Claim]:
        self._fetch({*claim_ids} - self._known.keys())
        return [self._known[claim_id].claim for claim_id in claim_ids]

    def add(self, claim: Claim, speaker_ids: Iterable[str], meaning: Vectors | None, attracted: int = 0) -> None:
        self._known[claim.pk] = _KnownClaim(claim, frozenset(speaker_ids), attracted, meaning)

    def note_link(self, claim: Claim) -> None:
        self._known[claim.pk].attracted += 1

    def facts(self, claim: Claim) -> ClaimFacts:
        known = self._known[claim.pk]
        return ClaimFacts(
            claim_id=claim.pk,
            text=claim.text,
            speaker_ids=known.speaker_ids,
            kind=claim.kind,
            first_said_on=claim.first_said_on,
            due_on=claim.due_on,
            attracted=known.attracted,
            meaning=known.meaning,
        )

    def _fetch(self, claim_ids: set[int]) -> None:
        """Fetch claims with those who stand for their speakers, and with how many statements are linked to each:
        suggestions that nobody rejected among them.
        """
        said_by = Speaker.objects.filter(claims=OuterRef("pk")).values(family=Coalesce("root_id", "pk"))
        links = Link.objects.filter(claim=OuterRef("pk")).exclude(state=Link.State.REJECTED)
        attracted = links.order_by().values("claim").annotate(count=Count("pk")).values("count")
        vector = Func("embedding", function="halfvec_send", output_field=BinaryField())
        rows: Any = (
            Claim.objects.only("root", "text", "kind", "first_said_on", "due_on")
            .filter(pk__in=claim_ids)
            .annotate(vector=vector, said_by=ArraySubquery(said_by), attracted=Coalesce(Subquery(attracted), 0))
        )
        for claim in rows:
            self.add(claim, map(str, claim.said_by), _as_vector(claim.vector), claim.attracted)


def _as_vector(sent: bytes | None) -> Vectors | None:
    """Read what PostgreSQL sends for a halfvec: its length, two empty bytes, and the numbers, the high byte first."""
    return None if sent is None else np.frombuffer(sent, dtype=">f2", offset=4).astype(np.float32)


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
    keys = sorted({statement.speaker.root_pk % 2**31 for statement in statements})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, key) FROM unnest(%s::int[]) AS key", [_MATCH_LOCK, keys])


def _families(statements: Sequence[Statement]) -> Mapping[int, Sequence[int]]:
    """Everybody whom the speakers of these statements are after all merges, by the id of who stands for them."""
    roots = {statement.speaker.root_pk for statement in statements}
    families: dict[int, list[int]] = defaultdict(list)
    for speaker in Speaker.objects.filter(Q(pk__in=roots) | Q(root__in=roots)).only("root"):
        families[speaker.root_pk].append(speaker.pk)
    return families


def _rejected_in_story(article: Article) -> Sequence[Link]:
    """What somebody said does not bear on a claim, in the article or a copy of it."""
    links = Link.objects.filter(
        state=Link.State.REJECTED, decided_by__isnull=False, statement__article__cluster=article.cluster_id
    )
    return list(links.select_related("claim", "statement").only("claim__root", "statement__text"))


def _links_of(statements: Sequence[Statement]) -> Mapping[int, Sequence[Link]]:
    """The links that there are already, by statement."""
    links_of: dict[int, list[Link]] = defaultdict(list)
    links = Link.objects.filter(statement__in=statements).select_related("claim")
    for link in links.defer("claim__search", "claim__embedding"):
        links_of[link.statement_id].append(link)
    return links_of


def _link(statement: Statement, claim: Claim, stance: Stance, state: Link.State, score: float) -> Link:
    return Link(
        statement=statement,
        claim=claim,
        stance=stance,
        suggested_stance=stance,
        state=state,
        score=score,
        matcher=MATCHER,
    )


def _same_quotation(one: str, other: str) -> bool:
    """Whether two texts are copies of one quotation, by the rule by which a statement keeps its identity."""
    whole, rest = Placed(((0, len(one)),), "", False), Placed(((0, len(other)),), "", False)
    return bool(carried_over([whole], [rest], one, other))


def _facts(statement: Statement, meaning: Vectors) -> StatementFacts:
    return StatementFacts(
        text=statement.proposition,
        speaker_ids=frozenset({str(statement.speaker.root_pk)}),
        kind=statement.kind,
        polarity_negated_by_cue=_is_denial(statement),
        said_on=day_said(statement),
        due_on=statement.due_on,
        check_worthiness=statement.check_worthiness,
        meaning=meaning,
    )


def _due(statement: Statement) -> date | None:
    """The day the claim is due; a day before it was said is a misreading that no claim can have."""
    return statement.due_on if statement.due_on and statement.due_on >= day_said(statement) else None
