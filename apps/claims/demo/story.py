"""The demo story as data: what was published, and what the editor decided. Nothing here touches the database."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from apps.claims.statuses import ClaimStatus
from claimtrack.matching.stance import Stance

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Entry:
    """An article of the story; `is_confirmed` says that the editor vouches for its text."""

    slug: str
    publisher: str
    title: str
    published_at: datetime
    url: str
    text: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Saying:
    """A statement by its article, its speaker and some of its words; or the claim that this statement makes."""

    article: str
    speaker: str
    words: str

    def __str__(self) -> str:
        return f"“{self.words}” by {self.speaker} in {self.article}"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A suggested link that the editor accepts, and the stance that the editor sees in it."""

    statement: Saying
    claim: Saying
    stance: Stance


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status that the editor gives a claim, resting on one statement."""

    claim: Saying
    to: ClaimStatus
    effective_on: date
    reason: str
    evidence: Saying


@dataclass(frozen=True, slots=True)
class Story:
    """Articles in the order of their days, and the decisions that follow them."""

    articles: Sequence[Entry]
    acceptances: Sequence[Acceptance]
    verdicts: Sequence[Verdict]
    main_claim: Saying


def read_story(folder: Path = FOLDER) -> Story:
    """Read `story.toml` and the texts in `story/`."""
    data = tomllib.loads((folder / "story.toml").read_text(encoding="utf-8"))
    articles = [_entry(one, folder / "story") for one in data["articles"]]
    return Story(
        articles=sorted(articles, key=lambda entry: entry.published_at),
        acceptances=[
            Acceptance(Saying(**one["statement"]), Saying(**one["claim"]), Stance(one["stance"]))
            for one in data["reviews"]
        ],
        verdicts=[
            Verdict(
                claim=Saying(**one["claim"]),
                to=ClaimStatus(one["to"]),
                effective_on=one["effective_on"],
                reason=one["reason"],
                evidence=Saying(**one["evidence"]),
            )
            for one in data["judgements"]
        ],
        main_claim=Saying(**data["main_claim"]),
    )


def _entry(one: Mapping[str, Any], texts: Path) -> Entry:
    return Entry(
        slug=one["slug"],
        publisher=one["publisher"],
        title=one["title"],
        published_at=one["published_at"],
        url=one["url"],
        text=(texts / f"{one['slug']}.txt").read_text(encoding="utf-8"),
        is_confirmed=one["confirmed"],
    )
