"""Contents as sentences of their own, from findings that the network makes without a verb of the list."""

import pytest

from claimtrack.extraction.attribution import Kind, SpeakerKind, SpeakerName
from claimtrack.extraction.findings import Finding
from claimtrack.extraction.propositions import proposition
from claimtrack.extraction.sentences import prepare

LUND = SpeakerName("Ida Lund", SpeakerKind.PERSON)


@pytest.mark.parametrize(
    ("cue", "content", "kind", "sentence"),
    [
        ("was not willing", "to wait", Kind.ASSERTION, "Ida Lund was not willing to wait"),
        ("’s failure", "to pay", Kind.ASSERTION, "Ida Lund’s failure to pay"),
        ("suggestion", "to pay", Kind.ASSERTION, "Ida Lund's suggestion to pay"),
        ("refusal", "to pay", Kind.ASSERTION, "Ida Lund would pay"),
        ("gave her word", "to pay", Kind.PROMISE, "Ida Lund would pay"),
    ],
)
def test_an_infinitive_gets_the_words_before_it(cue, content, kind, sentence):
    prepared = prepare(f"{cue} {content}")
    size = len(prepare(cue).tokens)
    finding = Finding(None, (0, size), [(size, len(prepared.tokens))])

    made = proposition(prepared, finding, LUND, kind=kind, meant=None, addressee=None)

    assert made == sentence
