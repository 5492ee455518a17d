from pathlib import Path

import pytest

from bench.matching.contrasts import own_contrasts, read_contrasts

CLAIM = "promise\tThe library would open on 3 May 2031"


def read(folder: Path, *lines: str) -> list[tuple[str, str]]:
    path = folder / "library.tsv"
    path.write_text("\n".join(lines), encoding="utf-8")
    [contrast] = read_contrasts(path)
    return [(answer.stance, answer.text) for answer in contrast.answers]


def test_what_is_said_to_a_claim_stands_below_it(tmp_path: Path) -> None:
    assert read(
        tmp_path, CLAIM, "same\tassertion\tsupports\tThe shelves had arrived", "other\tdemand\tnone\tMore buses"
    ) == [
        ("supports", "The shelves had arrived"),
        ("none", "More buses"),
    ]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("same\tassertion\tThe shelves had arrived", "3 columns"),
        ("she\tassertion\tsupports\tThe shelves had arrived", "speaker 'she'"),
        ("same\trumour\tsupports\tThe shelves had arrived", "'rumour'"),
        ("same\tassertion\tbacks\tThe shelves had arrived", "stance 'backs'"),
        ("other\tpromise\trevises\tIt would open in June", "only the same speaker revises"),
        ("same\tassertion\tsupports\t", "no text"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=rf"library.tsv, line 2: .*{complaint}"):
        read(tmp_path, CLAIM, line)


def test_an_assertion_has_no_outcome(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no outcome"):
        read(tmp_path, "assertion\tThe roof leaks", "other\tassertion\treports_outcome\tIt was mended")


def test_outcomes_are_told_later_than_all_else(tmp_path: Path) -> None:
    path = tmp_path / "library.tsv"
    lines = [
        CLAIM,
        "other\tassertion\treports_outcome\tIt opened",
        "same\tpromise\trepeats\tReaders may come on 3 May 2031",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    [contrast] = read_contrasts(path)
    [(outcome, claim, _), (again, _, _)] = contrast.examples()
    assert claim.first_said_on <= again.said_on < outcome.said_on
    assert claim.due_on == again.due_on


def test_ours_can_be_read() -> None:
    assert all(contrast.answers for contrast in own_contrasts())
