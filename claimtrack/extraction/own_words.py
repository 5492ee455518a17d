"""Which words of a sentence are a saying's own, and which belong to a saying inside it or around it."""

from collections.abc import Iterable, Sequence

from claimtrack.extraction.findings import Finding
from claimtrack.extraction.phrases import Range
from claimtrack.extraction.sentences import Text

_RELATIVE = frozenset({",", "who", "whom", "whose", "which"})


class OwnWords:
    """The words of each saying; an outer one comes before those inside it."""

    def __init__(self, prepared: Text, findings: Sequence[Finding], inside: Sequence[int | None]) -> None:
        self._prepared = prepared
        self._findings = findings
        self._inside = inside
        self._innermost: list[int | None] = [None] * len(prepared.tokens)
        for number, finding in enumerate(findings):
            for start, end in finding.content:
                self._innermost[start:end] = [number] * (end - start)

    def cue(self, number: int) -> str:
        """Return the words that report the saying, empty where it has none."""
        cue = self._findings[number].cue_range
        return self._joined(range(*cue)) if cue else ""

    def content(self, number: int) -> str:
        """Return what is said, without what somebody else says in it."""
        return self._joined(
            i
            for start, end in self._findings[number].content
            for i in range(start, end)
            if self._innermost[i] == number
        )

    def around(self, number: int) -> str:
        """Return the words of the clause that reports the saying: where "on Monday" dates it.

        What else the sentence reports is left out, and so is what only describes the source ("who quit on Monday").
        """
        finding = self._findings[number]
        aside = range(*self._aside(finding.source)) if finding.source else range(0)
        return self._joined(
            i for i in range(*finding.sentence) if self._innermost[i] == self._inside[number] and i not in aside
        )

    def _aside(self, source: Range) -> Range:
        first, last = source
        tokens = self._prepared.tokens
        return next((i for i in range(first, last) if tokens[i].low in _RELATIVE), last), last

    def _joined(self, numbers: Iterable[int]) -> str:
        """Return the tokens as the text has them, with a bar where others were left out."""
        tokens, text = self._prepared.tokens, self._prepared.text
        pieces: list[str] = []
        before = None
        for i in numbers:
            if before is not None:
                pieces.append(text[tokens[before].end : tokens[i].start] if before + 1 == i else " | ")
            pieces.append(text[tokens[i].start : tokens[i].end])
            before = i
        return "".join(pieces)
