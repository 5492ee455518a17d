"""How often reader and matcher were right, of what people reviewed, and which thresholds follow."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.claims.models import Link
from apps.claims.precision import accept_from, review_from, share_of
from apps.claims.quality import matcher_quality, reader_quality
from apps.claims.services.review import accept_link, reject_link
from apps.events.log import recording
from claimtrack.matching.decision import MATCHER
from claimtrack.matching.stance import Stance
from tests.factories import make_article, make_claim, make_link, make_speaker, make_statement


def do(service, **arguments):
    with recording() as record:
        return record(service(**arguments))


@pytest.mark.parametrize(
    ("right", "reviewed", "low", "high"),
    [(0, 0, 0.0, 1.0), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (5, 10, 0.237, 0.763), (81, 263, 0.255, 0.366)],
)
def test_the_interval_is_wilsons(right, reviewed, low, high):
    share = share_of(right, reviewed)
    assert (share.low, share.high) == (pytest.approx(low, abs=6e-4), pytest.approx(high, abs=6e-4))


def test_the_threshold_of_accepting_is_the_lowest_from_which_on_enough_was_right():
    judged = [(0.95, True)] * 60 + [(0.9, True)] * 40 + [(0.8, False)] * 10 + [(0.7, True)] * 5
    assert accept_from(judged, at_least=0.95) == 0.9
    assert accept_from(judged, at_least=0.8) == 0.7
    assert accept_from(judged, at_least=0.99) is None
    assert accept_from(judged[:10], at_least=0.5) is None
    assert accept_from([(0.9, False)] * 50, at_least=0.5) is None


def test_the_threshold_of_reviewing_leaves_no_more_than_the_share_unseen():
    judged = [(number / 100, True) for number in range(100)] + [(0.01, False)] * 100
    assert review_from(judged, lose_at_most=0.05) == 0.05
    assert review_from(judged[:10], lose_at_most=0.05) is None
    assert review_from([(0.5, False)] * 50, lose_at_most=0.05) is None


def decided(editor, score: float, verdict: str, stance: Stance = Stance.REPEATS, **statement: object) -> Link:
    """A link that a person accepted, accepted with another stance, or rejected for a reason."""
    link = make_link(
        ARTICLE["claim"], make_statement(article=ARTICLE["article"], speaker=ARTICLE["speaker"], **statement)
    )
    Link.objects.filter(pk=link.pk).update(score=score, stance=stance, suggested_stance=stance, matcher=MATCHER)
    match verdict:
        case "accepted":
            do(accept_link, link_id=link.pk, by=editor)
        case "other":
            do(accept_link, link_id=link.pk, by=editor, stance=Stance.CONTRADICTS)
        case "rejected":
            do(reject_link, link_id=link.pk, by=editor)
        case because:
            do(reject_link, link_id=link.pk, by=editor, because=Link.Rejection(because))
    return link


ARTICLE: dict[str, object] = {}


@pytest.fixture(autouse=True)
def _one_article_for_all(request):
    if "editor" in request.fixturenames:
        request.getfixturevalue("editor")
        speaker = make_speaker("Somebody Else")
        ARTICLE.update(article=make_article(), speaker=speaker, claim=make_claim())


@pytest.mark.django_db
def test_the_matcher_is_measured_by_version_stance_and_band_on_what_people_decided(editor):
    for score, verdict in (
        (0.92, "accepted"),
        (0.93, "accepted"),
        (0.91, "other"),
        (0.65, "rejected"),
        (0.66, "not_about"),
    ):
        decided(editor, score, verdict)
    decided(editor, 0.91, "misread")  # the reader's fault
    decided(editor, 0.55, "accepted", Stance.UNSURE)
    make_link(ARTICLE["claim"], make_statement(), Stance.REPEATS, Link.State.ACCEPTED)  # nobody looked at it

    total, *bands = matcher_quality()

    assert (total.version, total.stance, total.band) == (MATCHER, None, None)
    assert (total.share.right, total.share.reviewed, total.other_stance) == (3, 6, 1)
    assert [(one.stance, one.band, one.share.right, one.share.reviewed, one.other_stance) for one in bands] == [
        ("repeats", (0.6, 0.7), 0, 2, 0),
        ("repeats", (0.9, 0.95), 2, 3, 1),
        ("unsure", (0.5, 0.6), 1, 1, 0),
    ]


@pytest.mark.django_db
def test_the_reader_is_measured_on_the_statements_that_people_found_misread_or_not(editor):
    decided(editor, 0.9, "accepted", confidence=0.97)
    decided(editor, 0.9, "not_about", confidence=0.97)
    decided(editor, 0.9, "misread", confidence=0.97)
    decided(editor, 0.9, "misread", confidence=0.4)
    decided(editor, 0.9, "rejected", confidence=0.97)  # says nothing of the reader

    total, low, high = reader_quality()

    assert (total.version, total.share.right, total.share.reviewed) == ("test", 2, 4)
    assert (low.band, low.share.right, low.share.reviewed) == ((0.0, 0.5), 0, 1)
    assert (high.band, high.share.right, high.share.reviewed) == ((0.95, 1.0), 2, 3)


@pytest.mark.django_db
def test_the_measures_are_read_over_rest_and_a_rejection_says_why(api, editor):
    client = api(user=editor)
    link = make_link(make_claim(), make_statement())
    path = f"/api/v1/links/{link.pk}/"

    rejected = client.post(f"{path}reject/", {"because": "misread"}, format="json").json()
    assert (rejected["state"], rejected["rejection"]) == ("rejected", "misread")
    assert client.post(f"{path}reject/", {"because": "split"}, format="json").status_code == 400
    answer = client.get("/api/v1/quality/").json()

    assert answer["matcher"] == []
    assert answer["reader"][0]["share"]["reviewed"] == 1
    assert answer["reader"][1]["band"] == [0.9, 0.95]


@pytest.mark.django_db
def test_calibrate_proposes_thresholds_once_enough_was_reviewed(editor):
    with pytest.raises(CommandError, match="from 20 on"):
        call_command("calibrate")
    for number in range(24):
        decided(editor, 0.7 + number / 100, "accepted")
    out = StringIO()

    call_command("calibrate", "--precision", "0.8", stdout=out)

    assert "24 links that people decided on" in out.getvalue()
    assert "accept a repetition by itself from: 0.700 (now" in out.getvalue()
    assert "show a link to people from: 0.710 (now" in out.getvalue()
