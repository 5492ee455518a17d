from datetime import date

import pytest

from claimtrack.matching.calendar import Bound, Dated, Shared, Time, Timing, compare_times, times, without_times

SAID_ON = date(2031, 8, 27)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It opens on 3 June", [Time(month=6, day=3)]),
        ("It opens on the third of June 2032", [Time(2032, 6, 3)]),
        ("It opens on June 3, 2032", [Time(2032, 6, 3)]),
        ("It was planned for the 29th", [Time(day=29)]),
        ("It opens by the end of April", [Time(month=4, bound=Bound.UP_TO)]),
        ("It will not open before autumn", [Time(season="autumn", bound=Bound.FROM)]),
        ("It will have to wait until October", [Time(month=10, bound=Bound.FROM)]),
        ("It flies on Saturday", [Time(2031, 8, 30)]),
        ("It was flown on Saturday", [Time(2031, 8, 23)]),
        ("It opens next year", [Time(2032)]),
        ("It opened last month", [Time(2031, 7)]),
        ("May they march", []),
        ("", []),
    ],
)
def test_times_are_read_as_far_as_they_are_named(text, found):
    assert list(times(text, SAID_ON)) == found


@pytest.mark.parametrize(
    ("one", "other", "timing"),
    [
        ("27 October is possible", "It opens on 27 October 2032", Timing.SAME),
        ("It opens on the 29th", "It opens on 29 September", Timing.SAME),
        ("It opens in March", "It opens on 17 March", Timing.FITS),
        ("It will not open before autumn", "It opens in March 2031", Timing.APART),
        ("It opens in November", "It will have to wait until October", Timing.FITS),
        ("It opens on 3 June", "It opens on 27 October", Timing.APART),
        ("It opens by June 2032", "It opens in March 2032", Timing.FITS),
        ("It opens on 3 June", "It opens", Timing.ONE),
        ("It opens", "It opens", Timing.NEITHER),
    ],
)
def test_times_are_compared_by_what_both_may_mean(one, other, timing):
    a, b = Dated(times(one, SAID_ON), SAID_ON), Dated(times(other, SAID_ON), SAID_ON)

    assert compare_times(a, b)[0] is timing
    assert compare_times(b, a)[0] is timing


def test_what_is_said_not_to_be_in_march_may_be_at_another_time():
    denied, other = Dated(times("in March"), negated=True), Dated(times("in June"))

    assert compare_times(denied, other)[0] is Timing.FITS
    assert compare_times(denied, Dated(times("in March")))[0] is Timing.APART


def test_the_day_that_two_texts_share_is_more_than_the_month():
    day, month = Dated(times("on 3 June")), Dated(times("in June"))

    assert compare_times(day, day)[1] is Shared.DAY
    assert compare_times(day, month)[1] is Shared.MONTH


def test_times_can_be_left_out():
    assert without_times("It opens on 3 June").split() == ["It", "opens", "on"]
