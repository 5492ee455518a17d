"""Rows for tests: each function makes one, with whatever it needs."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count

from apps.accounts.models import Role, User
from apps.accounts.services import issue_token
from apps.claims.models import Claim, Link, Stage
from apps.claims.services.tracking import Author, Wording, create_claim
from apps.events.log import recording
from apps.sources.models import Article, ArticleVersion, StoryCluster
from apps.sources.services.articles import submit_article
from apps.statements.models import Speaker, Statement, StatementSpan
from claimtrack.extraction.attribution import Kind, Polarity, SpeakerKind, Speech
from claimtrack.extraction.spelling import name_key
from claimtrack.matching.stance import Stance
from claimtrack.work.models import Work

_number = count(1)

TEXT = "The mayor of Oldbridge said on Monday that the new bridge would open to traffic in March."


def make_user(role: Role = Role.EDITOR, **fields: object) -> User:
    return User.objects.create_user(f"{role}-{next(_number)}", role=role, **fields)  # hashing a password takes a second


def token_of(user: User, scopes: Sequence[str] | None = None) -> str:
    """The secret of a new token, with all the rights of the user where none are named."""
    wanted = user.scopes if scopes is None else {scope for scope in user.scopes if scope in scopes}
    return issue_token(user=user, name="test", scopes=wanted).secret


def make_article(text: str = TEXT, *, published_on: date | None = date(2025, 1, 6), **fields: object) -> Article:
    """An article that was submitted, with one version, whose way has not begun."""
    fields = {"publisher": f"Courier {next(_number)}", "by": fields.pop("by", None) or make_user(), **fields}
    published_at = datetime.combine(published_on, datetime.min.time(), UTC) if published_on else None
    with recording() as record:
        submission = record(submit_article(text=text, published_at=published_at, **fields))
    Work.objects.all().delete()
    Article.objects.filter(pk=submission.article.pk).update(cluster=StoryCluster.objects.create())
    submission.article.refresh_from_db()
    return submission.article


def make_speaker(name: str = "Ada Stone") -> Speaker:
    return Speaker.objects.create(name=name, kind=SpeakerKind.PERSON, names=[name], keys=[name_key(name)])


def make_statement(proposition: str = "The new bridge would open in March", **fields: object) -> Statement:
    article = fields.pop("article", None) or make_article()
    speaker = fields.pop("speaker", None) or make_speaker()
    statement = Statement.objects.create(
        **{
            "article": article,
            "speaker": speaker,
            "speaker_name": speaker.name,
            "chain": [{"type": "speaker", "id": str(speaker.pk), "name": speaker.name}],
            "text": proposition,
            "proposition": proposition,
            "speech": Speech.INDIRECT,
            "kind": Kind.PROMISE,
            "polarity": Polarity.AFFIRMED,
            "hedged": False,
            "said_on": date(2025, 1, 6),
            "check_worthiness": 0.8,
            "confidence": 0.9,
            "reader": "test",
            **fields,
        }
    )
    version = ArticleVersion.objects.filter(article=article).latest("number")
    StatementSpan.objects.create(statement=statement, version=version, reader="test", content=[[0, 10]])
    return statement


def make_claim(
    text: str = "The new bridge will open in March",
    *,
    kind: Kind = Kind.PROMISE,
    first_said_on: date = date(2025, 1, 6),
    stage: Stage = Stage.TRACKED,
    speakers: Sequence[Speaker] = (),
    by: Author | None = None,
) -> Claim:
    with recording() as record:
        return record(
            create_claim(
                wording=Wording(text, kind, first_said_on),
                speakers=speakers or [make_speaker()],
                by=by or Author("test-1"),
                stage=stage,
            )
        )


def make_link(
    claim: Claim, statement: Statement, stance: Stance = Stance.CONTRADICTS, state: Link.State = Link.State.SUGGESTED
) -> Link:
    return Link.objects.create(
        claim=claim,
        statement=statement,
        stance=stance,
        suggested_stance=stance,
        state=state,
        score=0.8,
        reasons=["shares: bridge, open"],
        matcher="test-1",
    )
