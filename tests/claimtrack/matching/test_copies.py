import random
from time import perf_counter

import pytest

from claimtrack.matching.copies import MOST_WORDS, SAME_STORY_AT, resemblance, sketch

AGENCY = """
LAGOS, May 3 (Coastal Wire) - The council of Lagos voted on Friday to close the old harbour to tankers from next
spring, ending a dispute that had divided the city for most of a decade.

Mayor Ada Okafor, who promised the closure when she ran for office, said the vote was a turning point. "Our children
will swim where we were told never to dip a toe," she told reporters on the steps of the town hall. "That is what this
vote means."

Tankers bring in about a third of the fuel burned in the city. The port authority warned that prices would rise unless
a second terminal, planned for the eastern lagoon, is finished in time. Work there stopped two years ago after the
builder went bankrupt.

Opponents said they would go to court. "You cannot close a harbour by a show of hands," said Tunde Bello, who speaks for
the shipping agents. His members employ about four thousand people, most of them in the old town.

The council set aside money to retrain dock workers and asked the government for more. A spokesman for the ministry of
transport said that it would study the decision.

(Reporting by the Coastal Wire desk in Lagos; editing by R. Mensah)
"""

SHORTENED = """
No more tankers in old harbour, city decides

From our correspondent, Lagos

The council of Lagos voted on Friday to close the old harbour to tankers from next spring, ending a dispute that had
divided the city for most of a decade.

Mayor Ada Okafor, who promised the closure when she ran for office, said the vote was a turning point. “Our children
will swim where we were told never to dip a toe,” she told reporters on the steps of the town hall.

Tankers bring in about a third of the fuel burned in the city. The port authority warned that prices would rise unless
a second terminal, planned for the eastern lagoon, is finished in time.

– Coastal Wire
"""

OWN_REPORT = """
By a narrow majority the city council decided last night that tankers must leave the old harbour by spring. After seven
hours of debate nineteen members raised their hands for the plan of Mayor Ada Okafor and sixteen against it.

"Our children will swim where we were told never to dip a toe," the mayor said afterwards, and hugged her allies.

Shipping agents announced a lawsuit. Tunde Bello, their spokesman, spoke of a black day for four thousand families in
the old town. The port authority fears that fuel will become dearer, because the new terminal in the lagoon has been a
ruin since its builder failed two years ago. The ministry did not want to comment before it had read the decision.

Residents who had waited outside with lanterns sang until midnight. Many had signed the petition that started it all,
after a spill had blackened the beach and killed the mangroves along the western shore.
"""


def share_a_key(one: str, other: str) -> bool:
    return not set(sketch(one)).isdisjoint(sketch(other))


def words(count: int, seed: int) -> list[str]:
    source = random.Random(seed)
    return [f"word{source.randrange(4_000)}" for _ in range(count)]


def test_a_shortened_copy_with_another_title_and_dateline_is_the_same_story():
    assert share_a_key(AGENCY, SHORTENED)
    assert resemblance(AGENCY, SHORTENED) >= SAME_STORY_AT


def test_two_reports_of_one_event_are_two_stories():
    assert resemblance(AGENCY, OWN_REPORT) < SAME_STORY_AT / 2


def test_case_quotes_and_punctuation_make_no_other_text():
    retyped = AGENCY.upper().replace('"', "”").replace("'", "’").replace(",", " –")

    assert sketch(retyped) == sketch(AGENCY)
    assert resemblance(retyped, AGENCY) == 1.0


def test_a_short_notice_quoted_in_a_long_report_is_no_copy_of_it():
    notice, report = words(80, seed=1), words(900, seed=2)

    assert resemblance(" ".join(notice), " ".join([*report[:400], *notice, *report[400:]])) < SAME_STORY_AT


def test_a_few_words_found_in_a_short_text_are_no_copy():
    few = words(30, seed=3)

    assert resemblance(" ".join(few), " ".join([*few, *words(90, seed=4)])) < SAME_STORY_AT


@pytest.mark.parametrize(("kept", "at_least"), [(0.6, 1.0), (0.4, 0.9)])
def test_most_near_copies_share_a_key(kept, at_least):
    texts = [words(300, seed) for seed in range(40)]
    found = [share_a_key(" ".join(text), " ".join(text[: int(kept * len(text))])) for text in texts]

    assert sum(found) / len(found) >= at_least


def test_unrelated_texts_share_no_key():
    keys = [key for seed in range(60) for key in sketch(" ".join(words(300, seed)))]

    assert len(set(keys)) == len(keys)


def test_keys_fit_a_signed_column_and_never_change():
    keys = sketch("The council of Lagos voted to close the old harbour")

    assert all(-(2**63) <= key < 2**63 for key in keys)
    assert keys[:2] == (8150752962676538889, -617260454676599696)


@pytest.mark.parametrize("text", ["", " \n", "…!?"])
def test_a_text_without_words_has_no_key_and_resembles_nothing(text):
    assert sketch(text) == ()
    assert resemblance(text, AGENCY) == 0.0


@pytest.mark.parametrize("text", ["Yes", "The talks are off", "\x00 a \ud800 b"])
def test_short_and_odd_texts_have_keys(text):
    assert sketch(text) == sketch(text)
    assert resemblance(text, text) == 1.0


def test_a_long_text_is_read_in_bounded_time():
    began = perf_counter()
    sketch("a " * 10 * MOST_WORDS)
    sketch(" ".join(words(3_000, seed=5)))

    assert perf_counter() - began < 1
