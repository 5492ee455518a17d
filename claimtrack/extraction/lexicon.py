"""The reporting words of English, by form: which verbs, which nouns, and what may follow each."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from claimtrack.extraction.attribution import Kind


class Form(StrEnum):
    """How a verb stands in the sentence; BASE also serves as plural present, PAST as participle."""

    BASE = "base"
    PRESENT = "present"
    PAST = "past"
    PARTICIPLE = "participle"
    ING = "ing"


@dataclass(frozen=True, slots=True)
class Cue:
    """A reporting verb: what may follow it, and what kind of claim it makes of what follows."""

    lemma: str
    particles: tuple[str, ...]
    frames: frozenset[str]
    kind: Kind
    negates: bool = False
    is_mental: bool = False


@dataclass(frozen=True, slots=True)
class Cues:
    verbs: dict[str, tuple[tuple[Form, tuple[Cue, ...]], ...]]
    nouns: dict[str, Kind]


@cache
def cues() -> Cues:
    """Return every reporting word by its forms, read once from the packaged list."""
    listed = tomllib.loads((files(__package__) / "data" / "cues.toml").read_text(encoding="utf-8"))
    verbs: dict[str, dict[Form, dict[tuple[str, tuple[str, ...]], Cue]]] = {}
    for group in listed["verbs"]:
        for written in group["words"].split():
            cue, forms = _verb(written, group)
            for form, word in forms:
                known = verbs.setdefault(word, {}).setdefault(form, {})
                key = (cue.lemma, cue.particles)
                known[key] = _both(known[key], cue) if key in known else cue
    nouns = {
        word: Kind.ASSERTION if kind == "assertion_to" else Kind(kind)
        for kind, words in listed["nouns"].items()
        for word in words.split()
    }
    by_form = {
        word: tuple((form, tuple(found.values())) for form, found in forms.items()) for word, forms in verbs.items()
    }
    return Cues(by_form, nouns)


def _both(one: Cue, other: Cue) -> Cue:
    """Join two entries of one verb: it may be followed by what either allows."""
    return Cue(
        one.lemma,
        one.particles,
        one.frames | other.frames,
        one.kind,
        one.negates or other.negates,
        one.is_mental and other.is_mental,
    )


def _verb(written: str, group: dict[str, str]) -> tuple[Cue, list[tuple[Form, str]]]:
    head, *particles = written.split("-")
    given = head.split("/")
    if not given[0] or (particles and "/" in particles[-1]):
        raise ValueError(f"not a verb entry: {written}")
    cue = Cue(
        given[0],
        tuple(particles),
        frozenset(group["frames"].split()),
        Kind(group["kind"]),
        bool(group.get("negates", False)),
        bool(group.get("mental", False)),
    )
    return cue, list(_forms(given))


def _forms(given: list[str]) -> Iterator[tuple[Form, str]]:
    lemma, irregular = given[0], given[1:]
    yield Form.BASE, lemma
    yield Form.PRESENT, third_person(lemma)
    past = irregular[0] if irregular else _regular_past(lemma)
    ing = next((form for form in irregular if form.endswith("ing")), _ing(lemma))
    participle = next((form for form in irregular[1:] if not form.endswith("ing")), past)
    yield Form.PAST, past
    if participle != past:
        yield Form.PARTICIPLE, participle
    yield Form.ING, ing


def third_person(lemma: str) -> str:
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return lemma[:-1] + "ies"
    return lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")


def _regular_past(lemma: str) -> str:
    if lemma.endswith("e"):
        return lemma + "d"
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return lemma[:-1] + "ied"
    return lemma + "ed"


def _ing(lemma: str) -> str:
    return lemma[:-1] + "ing" if lemma.endswith("e") and not lemma.endswith(("ee", "oe")) else lemma + "ing"
