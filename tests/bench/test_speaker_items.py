from pathlib import Path

import pytest

from bench.reading.speaker_items import ItemError, own_items, read_items

ITEM = "A bridge opens\n\nAda Lund spoke.\n\nIt was late, [she=Ada Lund] said. [A guard=] wept.\n"


def items(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_marks_are_taken_out_of_the_text_and_keep_their_places(tmp_path: Path) -> None:
    [first, second] = read_items(items(tmp_path, f"{ITEM}---\n{ITEM}"))

    assert first.title == "A bridge opens"
    assert first.text == "Ada Lund spoke.\n\nIt was late, she said. A guard wept."
    assert [(first.text[slice(*mark.span)], mark.name, mark.sort) for mark in first.marks] == [
        ("she", "Ada Lund", "pronoun"),
        ("A guard", "", "description"),
    ]
    assert (second.name, second.text) == ("a, item 2", first.text)


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("A bridge opens\n", "[It=A bridge] opens\n", "no headline without marks"),
        ("she=Ada Lund", "she=Ida Lund", r"\[she=Ida Lund\] means a name that does not occur"),
        ("she=Ada Lund", "she= Ada Lund", "blanks around it"),
        ("she=Ada Lund", "=Ada Lund", "is empty"),
        ("she=Ada Lund]", "she=Ada Lund", "stray bracket at "),
        ("[she=Ada Lund]", "she", "stray bracket|nothing is marked"),
    ],
)
def test_an_item_that_breaks_the_format_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, wrong: str
) -> None:
    text = ITEM.replace(" [A guard=] wept.", "").replace(old, new)
    with pytest.raises(ItemError, match=f"a, item 2: .*({wrong})"):
        read_items(items(tmp_path, f"{ITEM}---\n{text}"))


def test_our_own_can_be_read() -> None:
    assert all(item.marks for item in own_items())
