from pathlib import Path

import pytest

from bench.matching.outlines import own_outlines, read_outline
from bench.matching.stories import StoryError

LINES = [
    "# A bridge",
    "2031-01-05\tAda Lund\tpromise\topen\t-\tThe bridge would open in May",
    "2031-02-05\tOle Berg\tprediction\tlate\tcontradicts:open\tIt would never be ready before autumn",
    "2031-03-05\tAda Lund\tpromise\topen\tcontradicts:late\tCars would cross in the month of May",
    "2031-04-05\tAda Lund\tpromise\tlater\trevises:open supports:late\tThe opening was put off to September",
]


def outline(tmp_path: Path, lines: list[str]) -> Path:
    path = tmp_path / "bridge.tsv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_each_statement_is_paired_with_every_claim_made_before_it(tmp_path: Path) -> None:
    read = read_outline(outline(tmp_path, LINES))
    assert [(one.text[:6], claim.claim, stance) for one, claim, stance in read.pairs()] == [
        ("It wou", "open", "contradicts"),
        ("Cars w", "open", "repeats"),
        ("Cars w", "late", "contradicts"),
        ("The op", "open", "revises"),
        ("The op", "late", "supports"),
    ]


@pytest.mark.parametrize(
    ("number", "old", "new", "wrong"),
    [
        (0, "# ", "", "the first line is not"),
        (1, "promise", "vow", "unknown kind: vow"),
        (1, "2031-01-05", "5 May", "not a day: 5 May"),
        (2, "contradicts:open", "contradicts:shut", "bears on shut, which nobody has said before"),
        (2, "contradicts:open", "revises:open", "revises open, which is of another speaker"),
        (3, "contradicts:late", "-", "does not contradict late, which contradicts it"),
        (3, "Ada Lund", "Ole Berg", "open is of another speaker or kind"),
        (3, "2031-03-05", "2031-01-06", "said before the line above it"),
        (4, "revises:open ", "revises:open revises:open ", "bears on open twice"),
        (4, "\tThe opening", "\t\tThe opening", "has 7 columns and not 6"),
    ],
)
def test_a_line_that_breaks_the_format_is_refused_with_its_place(
    tmp_path: Path, number: int, old: str, new: str, wrong: str
) -> None:
    lines = [line.replace(old, new) if at == number else line for at, line in enumerate(LINES)]
    with pytest.raises(StoryError, match=wrong):
        read_outline(outline(tmp_path, lines))


def test_our_own_can_be_read() -> None:
    assert all(outline.statements for outline in own_outlines())
