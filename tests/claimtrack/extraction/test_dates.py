"""When something was said, and by when it is to be."""

from datetime import date
from functools import partial

import pytest

from claimtrack import extraction
from claimtrack.extraction import Engine
from claimtrack.extraction.attribution import Kind
from claimtrack.extraction.dates import due_on, said_on

read_statements = partial(extraction.read_statements, engine=Engine.RULES)

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
    ("Weber said last night", date(2019, 2, 28)),
    ("Weber said this morning", date(2019, 3, 1)),
    ("Weber said since Monday’s vote", date(2019, 3, 1)),
    ("Weber said after Monday", date(2019, 3, 1)),
    ("Weber said in January", None),
    ("Weber said in March", None),
    ("Weber said in 2015", None),
    ("Weber said in early 2019", None),
    ("Weber said last week", None),
    ("Weber said earlier this year", None),
    ("Weber said years ago", None),
    ("Weber said at the time", None),
    ("Weber wrote in her memoirs", None),
    ("Weber wrote in a 2012 report", None),
    ("Weber said in May, on 4 May 2018,", date(2018, 5, 4)),
]


@pytest.mark.parametrize(("clause", "day"), SAID)
def test_the_day_of_a_saying_is_counted_back_from_publication(clause, day):
    assert said_on(clause, FRIDAY) == day


@pytest.mark.parametrize(
    ("cue", "is_inner", "day"),
    [
        ("promised", False, FRIDAY),
        ("has promised", False, FRIDAY),
        ("had promised", False, None),
        ("had promised", True, FRIDAY),
        ("used to say", False, None),
        ("used to say", True, None),
        ("has long argued", False, None),
        ("will say", False, None),
    ],
)
def test_an_earlier_saying_without_a_day_has_none(cue, is_inner, day):
    assert said_on(f"Weber {cue}", FRIDAY, cue=cue, is_inner=is_inner) == day


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


MORE_DUE = [
    ("the bridge will open on 28 June", date(2019, 6, 28)),
    ("the bridge will open on Monday", date(2019, 3, 4)),
    ("the bridge will open on Friday", date(2019, 3, 8)),
    ("the bridge will open next Monday", date(2019, 3, 4)),
    ("the bridge will open next Sunday", date(2019, 3, 10)),
    ("the bridge will open on Tuesday 2 April", date(2019, 4, 2)),
    ("the bridge will open in January", date(2020, 1, 31)),
    ("the bridge will open in May", date(2019, 5, 31)),
    ("the bridge may open", None),
    ("the bridge will open in mid-June", date(2019, 6, 15)),
    ("the bridge will open by Sunday", date(2019, 3, 3)),
    ("the bridge will open before Sunday", date(2019, 3, 2)),
    ("the bridge will stay shut until Thursday", date(2019, 3, 7)),
    ("the bridge will open in the fourth quarter", date(2019, 12, 31)),
    ("the bridge will open before the second quarter of next year", date(2020, 3, 31)),
    ("the bridge will open in the first half of 2028", date(2028, 6, 30)),
    ("the bridge will open before the second half of 2028", date(2028, 6, 30)),
    ("the bridge will open in the third half of 2028", None),
    ("the bridge will open in the middle of 2028", date(2028, 6, 30)),
    ("the bridge will open at the end of the year", date(2019, 12, 31)),
    ("the bridge will open before the end of next month", date(2019, 4, 30)),
    ("the bridge will open by year-end", date(2019, 12, 31)),
    ("the bridge will open before the end of the quarter", date(2019, 3, 31)),
    ("the bridge will open by the end of the decade", date(2019, 12, 31)),
    ("the bridge will open before next week", date(2019, 3, 3)),
    ("the bridge will open before next month", date(2019, 3, 31)),
    ("the bridge will open before next year", date(2019, 12, 31)),
    ("the bridge will open the week after next", date(2019, 3, 17)),
    ("the bridge will open this weekend", date(2019, 3, 3)),
    ("the bridge will open before the weekend", date(2019, 3, 1)),
    ("the bridge will open this spring", date(2019, 5, 31)),
    ("the bridge will open next spring", date(2020, 5, 31)),
    ("the bridge will open before the summer", date(2019, 5, 31)),
    ("the bridge will open by autumn 2021", date(2021, 11, 30)),
    ("the bridge will open in the winter", date(2020, 2, 29)),
    ("the bridge will open before Christmas", date(2019, 12, 24)),
    ("the bridge will open by New Year’s Day", date(2020, 1, 1)),
    ("the bridge will open by Christmas 2022", date(2022, 12, 25)),
    ("the bridge will open before Easter", date(2019, 4, 20)),
    ("the bridge will open at Easter 2020", date(2020, 4, 12)),
    ("the bridge will open within a fortnight", date(2019, 3, 15)),
    ("the bridge will open in the coming fortnight", date(2019, 3, 15)),
    ("the bridge will last another five years", date(2024, 3, 1)),
    ("the bridge will be shut for the next two weeks", date(2019, 3, 15)),
    ("the bridge will open in two to three weeks", date(2019, 3, 22)),
    ("the bridge will open in a year and a half", date(2020, 9, 1)),
    ("the bridge will open six weeks from now", date(2019, 4, 12)),
    ("the bridge will open in six weeks’ time", date(2019, 4, 12)),
    ("the bridge will open within 48 hours", date(2019, 3, 3)),
    ("the bridge will open within two hours", date(2019, 3, 1)),
    ("the bridge will open before dark", date(2019, 3, 1)),
    ("the bridge will open by tonight", date(2019, 3, 1)),
    ("the bridge will open by midnight on 6 June", date(2019, 6, 6)),
    ("the bridge will open within two years of the vote", None),
    ("the bridge will look as it did in June", None),
    ("the bridge, which fell in January, will be mended by May", date(2019, 5, 31)),
    ("on Monday the bridge will open", date(2019, 3, 4)),
    ("on Monday the bridge was opened", None),
    ("to keep their windows closed until tomorrow", date(2019, 3, 2)),
    ("forty trucks by Thursday", date(2019, 3, 7)),
]


@pytest.mark.parametrize(("content", "day"), DUE + MORE_DUE)
def test_what_is_due_is_due_on_the_last_day_of_its_period(content, day):
    assert due_on(content, FRIDAY, kind=Kind.PREDICTION) == day


@pytest.mark.parametrize(
    ("content", "day"),
    [
        ("demand has not been this strong in ten years", None),
        ("salt cures the fever in three days", None),
        ("the shop was closed on Monday", None),
        ("the mill closed on Monday", None),
        ("the shop opens on Monday", date(2019, 3, 4)),
        ("the shop is closing in ten days", date(2019, 3, 11)),
        ("he could not leave until Monday", date(2019, 3, 4)),
        ("a list of stranded passengers by Monday", date(2019, 3, 4)),
    ],
)
def test_only_what_is_to_come_is_due_in_an_assertion(content, day):
    assert due_on(content, FRIDAY, kind=Kind.ASSERTION) == day


@pytest.mark.parametrize(
    ("content", "day"),
    [
        ("a dredger by May 2016", date(2016, 5, 31)),
        ("the reef would be dead by 2020", date(2020, 12, 31)),
        ("forty trucks by Thursday", None),
        ("within 90 days", None),
    ],
)
def test_without_a_day_to_count_from_only_a_year_tells_when(content, day):
    assert due_on(content, None, kind=Kind.PROMISE) == day
    assert said_on("Weber said yesterday", None) is None


READ = [
    ("Weber admitted a delay but said new buses would come on Monday.", [(FRIDAY, None), (FRIDAY, date(2019, 3, 4))]),
    ("Weber, who was elected on Monday, said the bus was late.", [(FRIDAY, None)]),
    ("Weber said on Monday the bus would come in June.", [(date(2019, 2, 25), date(2019, 6, 30))]),
    (
        "According to two drivers, the owners have warned both towns that they will sell the buses by Sunday.",
        [(FRIDAY, None), (FRIDAY, date(2019, 3, 3))],
    ),
    ("Weber said the owners had promised in January that tickets would be free.", [(FRIDAY, None), (None, None)]),
]


@pytest.mark.parametrize(("text", "days"), READ)
def test_a_saying_is_dated_by_its_own_words_only(text, days):
    read = read_statements(text, published_on=FRIDAY)

    assert [(one.said_on, one.due_on) for one in sorted(read, key=lambda one: one.content[0])] == days


def test_counting_past_the_end_of_the_calendar_is_no_error():
    late = date(9999, 12, 31)
    for content in ("within 999 years", "within 999 weeks", "next year", "next month", "by Easter", "next Friday"):
        assert due_on(content, late, kind=Kind.PROMISE) is None
    assert said_on("on Monday", date(1, 1, 1)) == date(1, 1, 1)
    assert said_on("yesterday", date(1, 1, 1)) == date(1, 1, 1)
