import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.db import connection, transaction

from claimtrack.work import nudging
from claimtrack.work.kinds import Kind, Lane
from claimtrack.work.models import MAX_ATTEMPTS, LeaseLost, Work
from claimtrack.work.running import work_through

HOLD = timedelta(seconds=60)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_wakes_after_its_lease_leaves_no_trace():
    Work.objects.make_due(Kind.READ, [1])
    [late] = Work.objects.lease(Kind.READ, limit=1, hold=timedelta(0))
    [mine] = Work.objects.lease(Kind.READ, limit=1, hold=HOLD)

    with pytest.raises(LeaseLost), transaction.atomic():
        late.finish()

    mine.finish()
    assert mine.attempts == 2
    assert not Work.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_eight_workers_lease_each_row_once():
    Work.objects.make_due(Kind.READ, range(400))

    def drain(_: int) -> list[int]:
        taken = []
        while rows := Work.objects.lease(Kind.READ, limit=4, hold=HOLD):
            taken += [row.subject_id for row in rows]
        connection.close()
        return taken

    with ThreadPoolExecutor(8) as pool:
        taken = [n for mine in pool.map(drain, range(8)) for n in mine]

    assert sorted(taken) == list(range(400))


@pytest.mark.django_db
def test_work_of_another_kind_or_not_yet_due_is_left_alone():
    Work.objects.make_due(Kind.READ, [1, 2])
    Work.objects.make_due(Kind.MATCH, [1])
    [first] = Work.objects.lease(Kind.READ, limit=1, hold=HOLD)
    first.again_in(timedelta(hours=1))

    [row] = Work.objects.lease(Kind.READ, limit=10, hold=HOLD)

    assert (row.kind, row.subject_id) == (Kind.READ, 2)


@pytest.mark.django_db
def test_work_that_waits_already_is_brought_forward_and_done_once():
    Work.objects.make_due(Kind.POLL, [7])
    [row] = Work.objects.lease(Kind.POLL, limit=1, hold=HOLD)
    row.again_in(timedelta(hours=1))

    Work.objects.make_due(Kind.POLL, [7], Lane.INTERACTIVE)

    [again] = Work.objects.lease(Kind.POLL, limit=10, hold=HOLD)
    assert (again.subject_id, again.lane) == (7, Lane.INTERACTIVE)


@pytest.mark.django_db(transaction=True)
def test_what_raises_is_tried_five_times_and_then_given_up_with_the_reason():
    Work.objects.make_due(Kind.READ, [1])
    tries, given_up = [], []

    def fail(work: Work) -> None:
        tries.append(work.attempts)
        raise ValueError("the page is blank")

    def give_up(work: Work, reason: str) -> None:
        given_up.append(reason)
        work.finish()

    for _ in range(MAX_ATTEMPTS + 2):
        work_through(Kind.READ, fail, give_up)
        Work.objects.update(due_at="2020-01-01T00:00Z")

    assert tries == [1, 2, 3, 4, 5]
    assert given_up == ["ValueError: the page is blank"]
    assert not Work.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_work_whose_worker_was_killed_five_times_is_not_begun_again():
    Work.objects.make_due(Kind.READ, [1])
    for _ in range(MAX_ATTEMPTS):
        Work.objects.lease(Kind.READ, limit=1, hold=timedelta(0))
    done, given_up = [], []

    def give_up(work: Work, reason: str) -> None:
        given_up.append(reason)
        work.finish()

    work_through(Kind.READ, done.append, give_up)

    assert not done
    assert given_up == ["five workers in a row ended before this was done"]


@pytest.mark.django_db(transaction=True)
def test_bulk_work_neither_delays_an_interactive_article_nor_starves():
    Work.objects.make_due(Kind.READ, range(100), Lane.BULK)
    Work.objects.make_due(Kind.READ, range(100, 120), Lane.INTERACTIVE)
    order = []

    def do(work: Work) -> None:
        order.append(Lane(work.lane))
        work.finish()

    work_through(Kind.READ, do, lambda work, reason: None)

    assert Counter(order[:25])[Lane.INTERACTIVE] >= 20
    assert Lane.BULK in order[:20]
    assert len(order) == 120


@pytest.mark.django_db
def test_the_queues_tell_their_length_and_age():
    Work.objects.make_due(Kind.READ, [1, 2, 3])
    Work.objects.lease(Kind.READ, limit=1, hold=HOLD)

    queues = {queue.kind: queue for queue in Work.objects.queues()}

    assert (queues[Kind.READ].waiting, queues[Kind.READ].leased) == (2, 1)
    assert queues[Kind.READ].oldest_seconds >= 0
    assert (queues[Kind.POLL].waiting, queues[Kind.POLL].oldest_seconds) == (0, 0.0)


@pytest.mark.django_db(transaction=True)
def test_a_nudge_is_sent_after_the_commit_and_never_waits_for_the_broker(monkeypatch):
    sent, broker_answers = [], Event()

    def hang(name: str, **options: object) -> None:
        broker_answers.wait(10)
        sent.append(options["queue"])

    monkeypatch.setattr(nudging.app, "send_task", hang)
    monkeypatch.setattr(nudging, "_messenger", nudging.Messenger())

    began = time.monotonic()
    with transaction.atomic():
        nudging.nudge(Kind.READ)
        broker_answers.set()
        time.sleep(0.1)
        assert not sent
        broker_answers.clear()
    for _ in range(100):
        nudging.nudge(Kind.MATCH)
    assert time.monotonic() - began < 1

    broker_answers.set()
    while "match" not in sent:
        assert time.monotonic() - began < 10
    assert sent.count("match") < 100


def test_a_nudge_that_the_broker_does_not_take_is_logged_and_nothing_more(monkeypatch, caplog):
    def refuse(name: str, **options: object) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(nudging.app, "send_task", refuse)

    assert not nudging.send(Kind.READ)
    assert "the tick will find it" in caplog.text
