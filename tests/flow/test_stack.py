"""The whole service on one machine, with its real processes: web, workers, beat, database and broker."""

import os
import signal
import statistics
import time
from pathlib import Path

import pytest

from bench.stack import Stack, running_stack, until

pytestmark = pytest.mark.flow


@pytest.fixture(scope="module")
def stack():
    with running_stack() as running:
        yield running


def article(number: int) -> str:
    return (
        f"Mayor Ada Stone said on Monday that the city would build {number} new schools before the end of 2031.\n\n"
        "The council of Oldbridge meets on Tuesdays."
    )


def all_done(stack: Stack, ids: list[str]) -> bool:
    return all(stack.state_of(one) == "done" for one in ids)


def test_an_idle_service_has_a_posted_article_done_within_two_seconds(stack):
    took = []
    for number in range(5):
        began = time.monotonic()
        posted = stack.submit(article(number), publisher=f"Courier {number}", published_at="2025-01-06")
        until(lambda one=posted["id"]: stack.state_of(one) == "done", 15, every=0.05)
        took.append(time.monotonic() - began)

    assert statistics.median(took) < 2
    _, statements = stack.call("GET", "/api/v1/statements/")
    assert {one["speaker"]["name"] for one in statements["results"]} == {"Ada Stone"}


def test_an_emptied_broker_loses_no_article(stack):
    ids = []
    for number in range(100, 130):
        ids.append(stack.submit(article(number), publisher="Herald")["id"])
        if number % 10 == 5:
            stack.broker().flushall()

    until(lambda: all_done(stack, ids), 60, every=0.5)

    statements = [stack.call("GET", f"/api/v1/articles/{one}/statements/")[1]["results"] for one in ids]
    assert {len(found) for found in statements} == {len(statements[0])}


def test_with_the_broker_frozen_an_article_is_taken_in_within_a_second(stack):
    [broker] = stack.processes("valkey-server")
    stack.submit(article(200), publisher="Post")
    os.kill(broker, signal.SIGSTOP)
    try:
        began = time.monotonic()
        ids = [stack.submit(article(number), publisher="Post")["id"] for number in (201, 202)]
        took = time.monotonic() - began
    finally:
        os.kill(broker, signal.SIGCONT)

    assert took / 2 < 1
    until(lambda: all_done(stack, ids), 60, every=0.5)


def test_the_service_says_whether_it_is_well(stack):
    assert stack.call("GET", "/healthz") == (200, {"status": "ok"})
    status, ready = stack.call("GET", "/readyz")
    assert (status, set(ready["work"])) == (200, {"poll", "download", "read", "match"})


def test_at_last_it_stops_within_ten_seconds_and_leaves_no_process(stack):
    left = stack.processes("")
    assert len(left) > 6

    assert stack.stop() < 10
    assert not [pid for pid in left if Path(f"/proc/{pid}").exists()]
