"""When something was said, and by when it is to be."""

from datetime import date

import pytest

from claimtrack.extraction.dates import due_on, said_on

FRIDAY = date(2019, 3, 1)

SAID = [
    ("Weber said", date(2019, 3, 1)),
    ("Weber said yesterday", date(2019, 2, 28)),
    ("Weber said on Monday", date(2019, 2, 25)),
    ("Weber said on Friday", date(2019, 3, 1)),
    ("Weber said last Friday", date(2019, 2, 22)),
    ("Weber said on 4 February", date(2019, 2, 4)),
    ("Weber said on Dec. 30", date(2018, 12, 30)),
    ("Weber said on May 4, 2018", date(2018, 5, 4)),
    ("Weber said three days ago", date(2019, 2, 26)),
    ("Weber said on May 4, 2020", date(2019, 3, 1)),
    ("Weber said on February 31", date(2019, 3, 1)),
]


@pytest.mark.parametrize(("clause", "day"), SAID)
def test_the_day_of_a_saying_is_counted_back_from_publication(clause, day):
    assert said_on(clause, FRIDAY) == day


DUE = [
    ("the bridge opens by the end of June", date(2019, 6, 30)),
    ("the bridge opens by June", date(2019, 6, 30)),
    ("the bridge opens by February", date(2020, 2, 29)),
    ("the bridge opens before 1 May", date(2019, 4, 30)),
    ("the bridge opens by May 4, 2021", date(2021, 5, 4)),
    ("the bridge opens within 90 days", date(2019, 5, 30)),
    ("the bridge opens in two weeks", date(2019, 3, 15)),
    ("the bridge opens within a month", date(2019, 4, 1)),
    ("the bridge opens next year", date(2020, 12, 31)),
    ("the bridge opens this week", date(2019, 3, 3)),
    ("the bridge opens by the end of the year", date(2019, 12, 31)),
    ("the bridge opens by 2030", date(2030, 12, 31)),
    ("the bridge opens before 2030", date(2029, 12, 31)),
    ("the bridge opens in June 2022", date(2022, 6, 30)),
    ("the bridge opens by Tuesday", date(2019, 3, 5)),
    ("the bridge opens tomorrow", date(2019, 3, 2)),
    ("the bridge opened in 2012", None),
    ("the bridge opened by mistake", None),
    ("the bridge opened two weeks ago", None),
]


@pytest.mark.parametrize(("content", "day"), DUE)
def test_what_is_due_is_due_on_the_last_day_of_its_period(content, day):
    assert due_on(content, FRIDAY) == day


def test_without_a_day_to_count_from_there_is_none():
    assert said_on("Weber said yesterday", None) is None
    assert due_on("within 90 days", None) is None


def test_counting_past_the_end_of_the_calendar_is_no_error():
    assert due_on("within 999 years", date(9998, 12, 31)) is None
    assert due_on("within 999 weeks", date(9999, 12, 31)) is None
    assert due_on("next year", date(9999, 12, 31)) is None
    assert due_on("next month", date(9999, 12, 31)) is None
    assert said_on("on Monday", date(1, 1, 1)) == date(1, 1, 1)
    assert said_on("yesterday", date(1, 1, 1)) == date(1, 1, 1)
