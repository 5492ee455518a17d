"""How things look on every page of the admin: badges, links, quotes, tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

NOTHING = "–"
MARKS = ('"', "“", "‘", "«", "„")
SECONDS_IN = (("d", 86_400), ("h", 3_600), ("min", 60))


@dataclass(frozen=True, slots=True)
class Table:
    """A table under the fields of a page. `note` says what is not in it, or that it is empty."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[object]]
    note: str = ""


def words(value: str) -> str:
    """A term of the code as people read it."""
    return value.replace("_", " ")


def shorten(text: str, characters: int) -> str:
    return Truncator(text).chars(characters)


def badge(text: str, variant: str = "") -> SafeString:
    """A coloured label: info, success, warning, danger, primary, or grey."""
    return render_to_string("unfold/helpers/label.html", {"text": words(text), "variant": variant})


def link(row: Model, text: str = "") -> SafeString:
    """A link to a row's own page."""
    return format_html('<a class="text-link" href="{}">{}</a>', page_of(row), text or str(row))


def page_of(row: Model) -> str:
    """The address of a row's own page."""
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


def list_link(model: type[Model], text: str, **filters: object) -> SafeString:
    """A link to the list of a model, filtered."""
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    address = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")
    return format_html('<a class="text-link" href="{}?{}">{}</a>', address, query, text)


def outside(url: str) -> SafeString | str:
    """A link that leaves this service; the address in plain text where it is none."""
    if not url.startswith(("https://", "http://")):
        return url or NOTHING
    return format_html(
        '<a class="text-link break-words" rel="noopener noreferrer" href="{}">{}</a>', url, shorten(url, 90)
    )


def stacked(*lines: str) -> SafeString:
    """The first line as it is, the others small below it; empty ones are left out."""
    first, *others = lines
    small = format_html_join("", '<div class="ct-small">{}</div>', ((line,) for line in others if line))
    return format_html('<div class="ct-cell">{}{}</div>', first, small)


def quoted(text: str, characters: int = 220) -> str:
    """Words of somebody in quotation marks, where they do not bring their own."""
    short = shorten(text, characters)
    return short if text[:1] in MARKS else f"“{short}”"


def chain_in_words(chain: Iterable[Mapping[str, Any]]) -> str:
    """Through whom it is known, outermost first: "Courier → Mayor Stone → her deputy"."""
    return " → ".join(str(one["name"]) for one in chain)


def duration(seconds: float) -> str:
    """A length of time, roughly: "40 s", "3 h"."""
    for unit, length in SECONDS_IN:
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"
