"""What the service survives, shown on the whole of it: `make faults`. One line a fault; exit status 1 if one lost.

In bounded time, against a stack of its own on this machine only.
"""

import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus

from bench.stack import Stack, running_stack, until

ARTICLES = 200
RESUMES_WITHIN = 300.0


def main() -> int:
    """Run every fault and print what came of it."""
    with running_stack() as stack:
        results = [
            run(fault, stack)
            for fault in (
                a_worker_is_killed_in_the_middle,
                the_broker_is_emptied_in_the_middle,
                the_broker_is_gone,
                every_worker_is_killed_again_and_again,
            )
        ]
    return 0 if all(results) else 1


def run(fault: Callable[[Stack], str], stack: Stack) -> bool:
    """Let one fault happen and say in a line how it went."""
    name = fault.__name__.replace("_", " ")
    began = time.monotonic()
    try:
        said, passed = fault(stack), True
    except (AssertionError, TimeoutError) as error:
        said, passed = str(error), False
    print(f"{'passed' if passed else 'FAILED'}  {name}: {said} ({time.monotonic() - began:.0f} s)", flush=True)
    return passed


def a_worker_is_killed_in_the_middle(stack: Stack) -> str:
    """Kill -9 of a whole worker, supervisor of its pool and all, half way through."""
    ids = submit(stack, "killed", lambda number: number == ARTICLES // 2 and kill_reader(stack))
    return settled(stack, ids)


def the_broker_is_emptied_in_the_middle(stack: Stack) -> str:
    """FLUSHALL, three times."""
    ids = submit(stack, "emptied", lambda number: number % (ARTICLES // 3) == 40 and stack.broker().flushall())
    return settled(stack, ids)


def the_broker_is_gone(stack: Stack) -> str:
    """The broker stands still: articles are taken in as before, and read once it goes on."""
    [broker] = stack.processes("valkey-server")
    os.kill(broker, signal.SIGSTOP)
    slowest = 0.0
    try:
        ids = []
        for number in range(20):
            began = time.monotonic()
            ids.append(stack.submit(article("gone", number), publisher="Gone")["id"])
            slowest = max(slowest, time.monotonic() - began)
    finally:
        os.kill(broker, signal.SIGCONT)
    assert slowest < 1, f"taking an article in took {slowest:.2f} s"
    return f"the slowest answer took {slowest:.2f} s; {settled(stack, ids)}"


def every_worker_is_killed_again_and_again(stack: Stack) -> str:
    """Kill -9 of a process that reads, every five seconds, while articles come in."""
    last = time.monotonic()

    def kill_now_and_then(number: int) -> None:
        nonlocal last
        if time.monotonic() - last > 5:
            kill_reader(stack)
            last = time.monotonic()

    return settled(stack, submit(stack, "again", kill_now_and_then))


def submit(stack: Stack, story: str, between: Callable[[int], object]) -> list[str]:
    """Post the articles of a story, with something happening between them."""
    ids = []
    for number in range(ARTICLES):
        ids.append(
            stack.submit(article(story, number), publisher=f"{story} {number % 7}", published_at="2025-01-06")["id"]
        )
        between(number)
    return ids


def article(story: str, number: int) -> str:
    return (
        f"Mayor Ada Stone said on Monday that the {story} city would build {number} schools before the end of 2031.\n\n"
        f"Governor Paul Reed said that the state would pay for {number} of the {story} schools."
    )


def kill_reader(stack: Stack) -> None:
    """Kill -9 the worker that reads, with the processes of its pool."""
    for pid in stack.processes("-Q read,match"):
        os.kill(pid, signal.SIGKILL)


def settled(stack: Stack, ids: list[str]) -> str:
    """Wait until every article is done, and check that each was read once and whole. Raises AssertionError."""
    waiting = set(ids)

    def all_done() -> bool:
        for one in list(waiting):
            if stack.state_of(one) in ("done", "failed"):
                waiting.discard(one)
        return not waiting

    took = until(all_done, RESUMES_WITHIN, every=1)
    states = Counter(stack.state_of(one) for one in ids)
    assert states == {"done": len(ids)}, f"states: {dict(states)}"
    statements = [stack.call("GET", f"/api/v1/articles/{one}/statements/")[1]["results"] for one in ids]
    counts = Counter(len(found) for found in statements)
    assert set(counts) == {2}, f"statements of an article: {dict(counts)}"
    assert len(set(ids)) == len(ids), "an article was taken in twice"
    changes = done_events(stack)
    twice = [one for one in ids if changes[one] != 1]
    assert not twice, f"not done exactly once: {twice[:5]}"
    return f"{len(ids)} of {len(ids)} articles done, none twice, {took:.0f} s after the last was posted"


def done_events(stack: Stack) -> Counter[str]:
    """How often each article was done, by the change feed, which is followed to its end."""
    done: Counter[str] = Counter()
    cursor, has_more = "", True
    while has_more:
        status, page = stack.call("GET", f"/api/v1/changes/?kind=article.done&limit=1000&cursor={cursor}")
        assert status == HTTPStatus.OK, page
        done.update(event["article"] for event in page["results"])
        cursor, has_more = page["cursor"], page["has_more"]
    return done


if __name__ == "__main__":
    sys.exit(main())
