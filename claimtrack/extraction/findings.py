"""What the rules find, in ranges of tokens, before speakers and wording are worked out."""

from dataclasses import dataclass

from claimtrack.extraction.attribution import Kind
from claimtrack.extraction.lexicon import Cue
from claimtrack.extraction.phrases import Range


@dataclass(slots=True)
class Finding:
    """One attribution as the rules see it: who (`source`), by which words (`cue`), and what (`content`)."""

    source: Range | None
    cue_range: Range | None
    content: list[Range]
    kind: Kind = Kind.ASSERTION
    cue: Cue | None = None
    addressee: Range | None = None
    negated: bool = False
    confidence: float = 0.8
    is_object: bool = False  # the content is a thing ("criticised the plan"), not a clause
    is_nobodys: bool = False  # reported without a source, and found all the same: "it is said that ..."
    is_owned: bool = False  # the source is only a possessive: "his promise"
    sentence: Range = (0, 0)
    antecedent: Range | None = None  # what "which" means that opens the content

    @property
    def first(self) -> int:
        """The first token of source, cue and content."""
        return min(one[0] for one in (self.source, self.cue_range, *self.content) if one is not None)
