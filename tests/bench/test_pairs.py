import json

import pytest

from bench.matching.accuracy import shown
from bench.pairs.prepare import as_written, part, read_pairs


def test_a_case_is_always_for_the_same_and_about_a_fifth_is_kept_out():
    parts = [part(f"case {number}") for number in range(2_000)]

    assert parts == [part(f"case {number}") for number in range(2_000)]
    assert 0.12 < parts.count("test") / len(parts) < 0.18
    assert 0.03 < parts.count("choose") / len(parts) < 0.07


@pytest.mark.parametrize(
    ("cut", "written"),
    [
        ("The film `` Dusk '' made money", 'The film " Dusk " made money'),
        ("It did n't open", "It didn't open"),
        ("a band -LRB- 1999 -RRB-", "a band ( 1999 )"),
    ],
)
def test_words_cut_apart_are_put_as_people_write_them(cut, written):
    assert as_written(cut) == written


def test_pairs_are_read_as_people_write_them(tmp_path):
    row = {"case_id": "1", "claim": "It did n't open", "evidence": "`` Closed ''", "label": "SUPPORTS"}
    file = tmp_path / "pairs.jsonl"
    file.write_text(json.dumps(row) + "\n", encoding="utf-8")

    [pair] = read_pairs(file)

    assert (pair["claim"], pair["evidence"]) == ("It didn't open", '" Closed "')


def test_the_interval_is_wider_where_answers_come_in_groups():
    right = [number % 4 < 3 for number in range(400)]

    alone = shown(right, [str(number) for number in range(400)])
    grouped = shown(sorted(right), [str(number // 40) for number in range(400)])

    assert alone.startswith("75.0 (")
    assert _width(grouped) > 2 * _width(alone)


def _width(text: str) -> float:
    low, high = text.split("(")[1].rstrip(")").split("–")
    return float(high) - float(low)
