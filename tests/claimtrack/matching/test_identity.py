from time import perf_counter

from claimtrack.matching.identity import Placed, carried_over

FIRST = "Okafor said the harbour would close to tankers in spring."
SECOND = "Bello said his members would go to court over the vote."
THIRD = "The ministry denied that it had promised any money."


def placed(text: str, *parts: str, speaker: str = "okafor", negated: bool = False) -> Placed:
    starts = [text.index(part) for part in parts]
    return Placed(tuple((at, at + len(part)) for at, part in zip(starts, parts, strict=True)), speaker, negated)


def test_nothing_changed_carries_everything_over():
    text = f"{FIRST} {SECOND}"
    statements = [placed(text, FIRST), placed(text, SECOND, speaker="bello")]

    assert carried_over(statements, statements, text, text) == {0: 0, 1: 1}


def test_an_edit_around_and_inside_a_statement_keeps_it():
    edited = FIRST.replace("in spring", "next spring")
    old_text, new_text = f"{FIRST} {SECOND}", f"A new first line. {THIRD} {edited} {SECOND}"
    old = [placed(old_text, FIRST), placed(old_text, SECOND, speaker="bello")]
    new = [
        placed(new_text, THIRD, speaker="ministry", negated=True),
        placed(new_text, edited),
        placed(new_text, SECOND, speaker="bello"),
    ]

    assert carried_over(old, new, old_text, new_text) == {1: 0, 2: 1}


def test_a_statement_that_was_rewritten_is_another():
    rewritten = "Okafor said nobody had decided anything about ships yet."

    assert carried_over([placed(FIRST, FIRST)], [placed(rewritten, rewritten)], FIRST, rewritten) == {}


def test_another_speaker_or_polarity_is_another_statement():
    old = [placed(FIRST, FIRST)]

    assert carried_over(old, [placed(FIRST, FIRST, speaker="bello")], FIRST, FIRST) == {}
    assert carried_over(old, [placed(FIRST, FIRST, negated=True)], FIRST, FIRST) == {}


def test_another_reader_may_draw_the_content_wider_or_narrower():
    old = [placed(FIRST, "the harbour would close to tankers in spring")]
    wider = [placed(FIRST, "said the harbour would close to tankers in spring")]
    sliver = [placed(FIRST, "in spring")]

    assert carried_over(old, wider, FIRST, FIRST) == {0: 0}
    assert carried_over(old, sliver, FIRST, FIRST) == {}


def test_a_broken_quote_counts_with_all_its_parts():
    text = '"The harbour will close," Okafor said. "It will close in spring."'
    both = placed(text, "The harbour will close", "It will close in spring")
    half = placed(text, "The harbour will close")

    assert carried_over([both], [both, half], text, text) == {0: 0}


def test_of_two_that_overlap_the_better_one_is_kept():
    old = [placed(FIRST, "the harbour would close to tankers in spring")]
    new = [placed(FIRST, "the harbour would close to tankers"), old[0]]

    assert carried_over(old, new, FIRST, FIRST) == {1: 0}


def test_a_paragraph_that_moved_is_found_by_its_wording():
    filler = " ".join(f"filler{number}" for number in range(40))
    old_text, new_text = f"{FIRST} {filler}", f"{filler} {FIRST}"

    assert carried_over([placed(old_text, FIRST)], [placed(new_text, FIRST)], old_text, new_text) == {0: 0}


def test_the_same_words_twice_are_kept_apart_by_place():
    text = "It will rain, she said. Nobody else spoke. It will rain, she said."
    last = text.rindex("It will rain")
    old = [Placed(((0, 12),), "she", negated=False), Placed(((last, last + 12),), "she", negated=False)]

    assert carried_over(old, old[::-1], text, text) == {0: 1, 1: 0}


def test_empty_texts_and_contents_carry_nothing_over():
    empty = Placed((), "okafor", negated=False)

    assert carried_over([], [], "", "") == {}
    assert carried_over([empty], [empty], FIRST, FIRST) == {}
    assert carried_over([placed(FIRST, FIRST)], [], FIRST, "") == {}


def test_two_long_texts_that_share_little_are_aligned_in_bounded_time():
    began = perf_counter()
    one, other = (" ".join(f"w{number * step % 997}" for number in range(30_000)) for step in (7, 11))
    carried_over([placed(one, "w0 w7")], [placed(other, "w0 w11")], one, other)

    assert perf_counter() - began < 3
