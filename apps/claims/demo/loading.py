"""Loading the demo story: through the same services as everybody, each thing once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from apps.accounts.models import Role, User
from apps.claims.demo.story import Acceptance, Entry, Saying, Story, Verdict
from apps.claims.models import Claim, Link
from apps.claims.services.judging import EvidenceItem, Judgement, change_status
from apps.claims.services.review import SAYS_THE_CLAIM, accept_link
from apps.events.log import recording
from apps.events.models import Event, EventKind
from apps.sources.models import Article
from apps.sources.services.articles import article_identity, confirm_article, submit_article
from apps.statements.models import Statement
from claimtrack.errors import DomainError
from claimtrack.extraction.addresses import canonical_address

EDITOR = "demo-editor"

type Wait = Callable[[int], Article]
"""Gives back the article of this id once it is done or has failed."""


class NotInTheStory(DomainError):
    """What a decision of the story is about was not found: the reader or the matcher saw it otherwise."""

    code = "not_in_the_story"


def demo_editor() -> User:
    """The user in whose name the story is loaded, who has no password; made where it is missing."""
    known = User.objects.filter(username=EDITOR).first()
    return known or User.objects.create_user(EDITOR, role=Role.EDITOR)


@dataclass(frozen=True, slots=True)
class Loading:
    """A story on its way into the database, in the name of an editor. What is there already stays as it is."""

    story: Story
    editor: User

    def load_articles(self, wait: Wait) -> Iterator[Article]:
        """Submit the articles in the order of their days, each when the one before it has ended; yield each ended."""
        for entry in self.story.articles:
            yield self._load(entry, wait)

    def decide(self) -> list[str]:
        """Accept links and judge claims as the story's editor did, where that was not done before.

        Returns, in sentences, what could not be done, for example because another person judged the claim so.
        """
        refused: list[str] = []
        for acceptance in self.story.acceptances:
            try:
                self._accept(acceptance)
            except DomainError as error:
                refused.append(error.message)
        for verdict in self.story.verdicts:
            try:
                self._judge(verdict)
            except DomainError as error:
                refused.append(error.message)
        return refused

    def claim_of(self, saying: Saying) -> Claim:
        """The claim that a statement of the story makes or repeats. Raises NotInTheStory."""
        said = self.statement_of(saying).links.filter(state=Link.State.ACCEPTED, stance__in=SAYS_THE_CLAIM)
        link = said.select_related("claim").order_by("pk").first()
        if link is None:
            raise NotInTheStory(f"No claim came of {saying}.")
        return link.claim

    def statement_of(self, saying: Saying) -> Statement:
        """A statement of the story. Raises NotInTheStory."""
        [address] = {entry.url for entry in self.story.articles if entry.slug == saying.article}
        said = Statement.objects.filter(
            article__identity=article_identity(canonical_address(address)),
            state=Statement.State.CURRENT,
            speaker_name=saying.speaker,
            text__contains=saying.words,
        )
        statement = said.order_by("pk").first()
        if statement is None:
            raise NotInTheStory(f"The reader did not find {saying}.")
        return statement

    def _load(self, entry: Entry, wait: Wait) -> Article:
        with recording() as record:
            submission = record(
                submit_article(
                    by=self.editor,
                    url=entry.url,
                    title=entry.title,
                    text=entry.text,
                    published_at=entry.published_at,
                    publisher=entry.publisher,
                )
            )
        if entry.is_confirmed:
            with recording() as record:
                record(confirm_article(article_id=submission.article.pk, by=self.editor))
        return wait(submission.article.pk)

    def _accept(self, acceptance: Acceptance) -> None:
        statement, claim = self.statement_of(acceptance.statement), self.claim_of(acceptance.claim)
        link = Link.objects.filter(statement=statement, claim=claim).first()
        if link is None:
            raise NotInTheStory(f"The matcher did not link {acceptance.statement} to “{claim}”.")
        # A decision that somebody has taken back since stays taken back.
        before = Event.objects.filter(kind=EventKind.LINK_ACCEPTED, link_id=link.pk, user_id=self.editor.pk)
        if link.state == Link.State.SUGGESTED and not before.exists():
            with recording() as record:
                record(accept_link(link_id=link.pk, by=self.editor, stance=acceptance.stance))

    def _judge(self, verdict: Verdict) -> None:
        claim = self.claim_of(verdict.claim)
        before = claim.status_changes.filter(
            changed_by=self.editor, to_status=verdict.to, effective_on=verdict.effective_on
        )
        if before.exists():
            return
        judgement = Judgement(
            to=verdict.to,
            effective_on=verdict.effective_on,
            reason=verdict.reason,
            evidence=[EvidenceItem(statement_id=self.statement_of(verdict.evidence).pk)],
        )
        with recording() as record:
            record(change_status(claim_id=claim.pk, judgement=judgement, by=self.editor))
