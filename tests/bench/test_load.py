import numpy as np
import pytest
from django.db.models import Count

from apps.claims.models import Claim, Link
from apps.claims.services.candidates import similar_claims
from apps.statements.models import Speaker, Statement, StatementSpan
from bench.load.figures import ALL, Measured, Step, print_figures
from bench.load.loading import load_batches
from bench.load.measuring import NEAREST, Best
from bench.load.saying import World
from claimtrack.matching.embedding import DIMENSIONS

CLAIMS = 40


class NoMeanings:
    """Vectors that lie anywhere."""

    def of(self, claims):
        vectors = np.random.default_rng(1).normal(size=(len(claims), DIMENSIONS)).astype(np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_the_same_seed_tells_the_same_stories():
    one, other = ([claim.text for story in World(CLAIMS).stories(CLAIMS) for claim in story] for _ in range(2))

    assert one == other
    assert len(one) == CLAIMS


def test_a_retold_claim_is_of_the_same_story_and_not_in_the_same_words():
    world = World(CLAIMS)
    claims = [claim for story in world.stories(CLAIMS) for claim in story]

    retold = [world.retold(claim) for claim in claims]

    assert all(one.story == claim.story for one, claim in zip(retold, claims, strict=True))
    assert sum(one.text == claim.text for one, claim in zip(retold, claims, strict=True)) < CLAIMS / 4
    assert all(one.said_on > claim.said_on for one, claim in zip(retold, claims, strict=True))


@pytest.mark.django_db
def test_what_is_loaded_is_whole_and_found():
    loaded = load_batches(World(CLAIMS), NoMeanings(), CLAIMS, tell=print)

    assert Claim.objects.count() == len(loaded.vectors) == CLAIMS
    assert Statement.objects.count() == Link.objects.count() == 2 * CLAIMS
    made = Link.objects.filter(stance="makes").values("claim").annotate(times=Count("pk"))
    assert [row["times"] for row in made] == [1] * CLAIMS
    for span in StatementSpan.objects.select_related("statement", "version"):
        [[start, end]] = span.content
        assert span.version.text[start:end] == span.statement.text
    claim = Claim.objects.order_by("pk")[7]
    assert loaded.speakers[claim.pk - 1] == claim.speakers.get().pk
    assert loaded.days[claim.pk - 1] == claim.first_said_on.toordinal()
    assert np.allclose(loaded.vectors[claim.pk - 1], claim.embedding, atol=1e-3)
    assert similar_claims(claim.text)[0] == claim.pk
    assert Speaker.objects.create(name="Ada Stone", kind="person").pk > Speaker.objects.earliest("pk").pk


def test_the_nearest_of_all_are_kept_whatever_the_order_in_which_they_come():
    alike = np.random.default_rng(2).normal(size=300).astype(np.float32)
    fits = np.arange(300) % 3 > 0
    best = Best()

    for first in (0, 100, 200):
        best.add(first, alike[first : first + 100], fits[first : first + 100])

    wanted = sorted((row for row in range(300) if fits[row]), key=lambda row: -alike[row])[:NEAREST]
    assert {*best.ids.tolist()} == {row + 1 for row in wanted}


@pytest.mark.parametrize(
    ("times", "recall", "minutes", "missed"),
    [
        pytest.param([10.0] * 95 + [59.0] * 5, 0.96, 29, "", id="met"),
        pytest.param([10.0] * 90 + [61.0] * 10, 0.96, 29, Step.BOTH, id="too many are slow"),
        pytest.param([26.0] * 100, 0.96, 29, Step.BOTH, id="most are slow"),
        pytest.param([10.0] * 100, 0.94, 29, "recall", id="not found"),
        pytest.param([10.0] * 100, 0.96, 31, "loading", id="loads too long"),
    ],
)
def test_a_target_that_is_missed_is_named(capsys, times, recall, minutes, missed):
    measured = Measured(100, {Step.BOTH: times}, {Step.BOTH: times}, 1.0, {ALL: recall})

    assert print_figures(measured, minutes) == bool(missed)

    assert capsys.readouterr().out.endswith(f"missed: {missed}\n" if missed else "every target is met\n")
