"""The three claims of the demo story that are judged: as the pipeline links them, and as they stand day by day."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

import pytest
from django.utils import timezone

from apps.claims.demo.loading import Loading, demo_editor
from apps.claims.demo.story import Saying, Story, read_story
from apps.claims.models import Link
from apps.claims.tasks import match_due
from apps.sources.models import Article
from apps.statements.models import Speaker
from apps.statements.tasks import read_due

pytestmark = pytest.mark.django_db

CLAIMS = "/api/v1/claims/"
STORY = read_story()
PROMISE = Saying("01-talks-collapse", "Kim Jong-un", "hold off on nuclear and missile tests")
SANCTIONS = Saying("01-talks-collapse", "Donald Trump", "wanted all sanctions lifted")
DEMAND = Saying("05-kim-sets-deadline", "Kim Jong-un", "change its approach by the end of the year")

RIGHT = {
    PROMISE: {
        ("01", "would continue to hold off on nuclear and missile tests"): ("makes", "accepted"),
        ("02", "would continue to hold off on nuclear and missile tests"): ("repeats", "accepted"),
        ("03", "would continue to hold off on nuclear and missile tests"): ("repeats", "accepted"),
        ("08", "would no longer hold off on nuclear and missile tests"): ("contradicts", "suggested"),
        ("09", "had not held off on missile tests"): ("reports_outcome", "suggested"),
    },
    SANCTIONS: {
        ("01", "wanted all sanctions lifted"): ("makes", "accepted"),
        ("03", "wanted all sanctions lifted"): ("repeats", "accepted"),
        ("01", "wanted the sanctions lifted in their entirety"): ("repeats", "suggested"),
        ("03", "wanted the sanctions lifted in their entirety"): ("repeats", "suggested"),
        ("04", "did not want all sanctions lifted"): ("contradicts", "suggested"),
    },
    DEMAND: {
        ("05", "to change its approach by the end of the year"): ("makes", "accepted"),
        ("08", "had not changed its approach by the end of the year"): ("reports_outcome", "suggested"),
    },
}
OPEN_TO_DISPUTE = {
    ("06", "does not want to break his promise"),
    ("07", "did not violate the agreement"),
    ("08", "no reason any more to be bound by the moratorium"),
}
"""What people may or may not say to bear on a main claim, in one way or another."""

JUDGED = ("01", "04", "05", "08", "09")
STANDING = {
    "2019-02-27": (None, None, None),
    "2019-02-28": ("pending", "unverified", None),
    "2019-03-01": ("pending", "disputed", None),
    "2019-04-13": ("pending", "disputed", "open"),
    "2019-12-31": ("pending", "disputed", "open"),
    "2020-01-01": ("withdrawn", "disputed", "refused"),
    "2020-01-02": ("withdrawn", "disputed", "refused"),
}
"""How the promise, the sanctions and the demand stand on days around those on which something changed."""


def work_off(article_id: int) -> Article:
    """Do, here and now, what the workers would."""
    read_due()
    match_due()
    return Article.objects.get(pk=article_id)


def load(*numbers: str) -> Loading:
    articles = [entry for entry in STORY.articles if not numbers or entry.slug[:2] in numbers]
    loading = Loading(replace(STORY, articles=articles), demo_editor())
    assert {article.state for article in loading.load_articles(work_off)} == {"done"}
    return loading


def decide(loading: Loading, **decisions: Any) -> None:
    """Have the editor take these of the story's decisions, and no others."""
    step: Story = replace(loading.story, **{"acceptances": (), "verdicts": (), **decisions})
    assert Loading(step, loading.editor).decide() == []


def told(links: Any) -> dict[tuple[str, str], tuple[str, str]]:
    slugs = {entry.url: entry.slug[:2] for entry in STORY.articles}
    return {
        (slugs[link.statement.article.url], link.statement.text): (link.stance, link.state)
        for link in links.select_related("statement__article")
    }


@pytest.fixture
def read(api):
    """What a reader of the API sees of the main claims, under `as_of` and `known_at`."""
    return Reading(api())


class Reading:
    def __init__(self, client) -> None:
        self.client = client
        self.ids: list[str] = []

    def get(self, path: str, **then: str) -> Any:
        return self.client.get(path, then).json()

    def statuses(self, **then: str) -> tuple[str | None, ...]:
        """As each claim says itself, where it says anything."""
        answers = [self.client.get(f"{CLAIMS}{pk}/", then) for pk in self.ids]
        return tuple(
            None if answer.status_code == HTTPStatus.NOT_FOUND else answer.json()["status"] for answer in answers
        )

    def listed(self, **then: str) -> tuple[str | None, ...]:
        """As the list of tracked claims says, from its first page to its last."""
        found: dict[str, str] = {}
        page = self.get(CLAIMS, stage="tracked", **then)
        found |= {one["id"]: one["status"] for one in page["results"]}
        assert page["next"] is None
        return tuple(found.get(pk) for pk in self.ids)

    def judged(self, **then: str) -> tuple[str | None, ...]:
        """The newest judgement in the timeline of each claim, resting on its evidence."""
        return tuple(self._judged(pk, then) for pk in self.ids)

    def _judged(self, pk: str, then: dict[str, str]) -> str | None:
        entries = self.get(f"{CLAIMS}{pk}/timeline/", **then).get("results", ())
        changes = [one["status_change"] for one in entries if one["type"] == "status_change"]
        if not changes:
            return None
        [evidence] = changes[-1]["evidence"]
        said = {one["statement"]["id"]: one for one in entries if one["type"] == "statement"}
        assert said[evidence["statement"]]["link"]["state"] == "accepted"
        assert said[evidence["statement"]]["on"] <= changes[-1]["effective_on"]
        assert said[evidence["statement"]]["statement"]["text"] == evidence["excerpt"]
        return changes[-1]["to_status"]

    def outcomes(self, name: str, **then: str) -> dict[str, int]:
        """What became of the claims of somebody, by their record."""
        speaker = Speaker.objects.get(name=name)
        standing = self.get(f"/api/v1/speakers/{speaker.pk}/record/", **then)["standing"]
        return {outcome: count for outcome, count in standing["outcomes"].items() if count}

    def bearing(self, pk: str, stance: str, **then: str) -> list[str]:
        """In which states the statements of a stance bear on a claim."""
        entries = self.get(f"{CLAIMS}{pk}/timeline/", **then).get("results", ())
        links = [one["link"] for one in entries if one["type"] == "statement"]
        return [link["state"] for link in links if link["stance"] == stance]


def judgements(*, of: tuple[str | None, ...]) -> tuple[str | None, ...]:
    """Of statuses, those that somebody judged: the others are the initial ones."""
    return tuple(None if status in ("pending", "unverified", "open") else status for status in of)


def test_the_pipeline_alone_links_what_bears_on_the_main_claims_and_accepts_nothing_else():
    loading = load()

    for saying, right in RIGHT.items():
        found = told(loading.claim_of(saying).links)
        fits = {
            wanted: [(words, seen) for words, seen in found.items() if words[0] == wanted[0] and wanted[1] in words[1]]
            for wanted in {*right, *OPEN_TO_DISPUTE}
        }
        assert {wanted: [seen for _, seen in fits[wanted]] for wanted in right} == {
            wanted: [seen] for wanted, seen in right.items()
        }
        explained = {words for pairs in fits.values() for words, _ in pairs}
        strays = {words: seen for words, seen in found.items() if words not in explained}
        assert {state for _, state in strays.values()} <= {"suggested"}
        assert len(strays) < len(right), strays
    assert not Link.objects.exclude(decided_by=None).exists()


def test_the_main_claims_stand_right_to_the_day_in_lists_timelines_and_records(read):
    loading = load(*JUDGED)
    assert loading.decide() == []
    read.ids = [str(loading.claim_of(saying).pk) for saying in (PROMISE, SANCTIONS, DEMAND)]

    for day, statuses in STANDING.items():
        assert (day, read.statuses(as_of=day)) == (day, statuses)
        assert (day, read.listed(as_of=day)) == (day, statuses)
        assert (day, read.judged(as_of=day)) == (day, judgements(of=statuses))
    assert read.statuses() == read.listed() == STANDING["2020-01-02"]
    assert read.outcomes("Kim Jong-un", as_of="2019-02-28") == {"open": 1}
    assert read.outcomes("Kim Jong-un", as_of="2019-12-31") == {"open": 2}
    assert read.outcomes("Kim Jong-un", as_of="2020-01-01") == {"void": 1, "failed": 1}
    assert read.outcomes("Donald Trump", as_of="2020-01-01") == {"open": 1}


def test_what_was_known_between_the_steps_of_the_run_is_read_as_it_was_then(read):
    moments = [timezone.now().isoformat()]
    loading = load(*JUDGED)
    moments.append(timezone.now().isoformat())
    decide(loading, acceptances=STORY.acceptances)
    moments.append(timezone.now().isoformat())
    for verdict in STORY.verdicts:
        decide(loading, verdicts=[verdict])
        moments.append(timezone.now().isoformat())
    read.ids = [str(loading.claim_of(saying).pk) for saying in (PROMISE, SANCTIONS, DEMAND)]
    promise, sanctions, _ = read.ids
    unjudged = ("pending", "unverified", "open")

    for moment, statuses in zip(
        moments,
        [
            (None, None, None),
            unjudged,
            unjudged,
            ("pending", "disputed", "open"),
            ("withdrawn", "disputed", "open"),
            ("withdrawn", "disputed", "refused"),
        ],
        strict=True,
    ):
        assert read.statuses(known_at=moment) == statuses
        assert read.listed(known_at=moment) == statuses
        assert read.judged(known_at=moment) == judgements(of=statuses)
    assert read.statuses(known_at=moments[-1], as_of="2019-12-31") == STANDING["2019-12-31"]
    for pk, stance in ((promise, "reports_outcome"), (sanctions, "contradicts")):
        assert "accepted" not in read.bearing(pk, stance, known_at=moments[1])
        assert read.bearing(pk, stance, known_at=moments[2]).count("accepted") == 1
    kim = [read.outcomes("Kim Jong-un", known_at=moment) for moment in moments]
    assert kim == [{}, {"open": 2}, {"open": 2}, {"open": 2}, {"open": 1, "void": 1}, {"void": 1, "failed": 1}]
