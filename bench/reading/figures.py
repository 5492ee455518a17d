"""The figures of the reader."""

from bench.figures import Figures, f1
from claimtrack.extraction.attribution import Kind

FIGURES: Figures = {
    "found, precision": [(("found",), ("read",))],
    "found, recall": [(("found",), ("marked",))],
    "found, F1": [f1("found", "marked", "read")],
    "with source, precision": [(("with source",), ("read",))],
    "with source, recall": [(("with source",), ("marked",))],
    "with source, F1": [f1("with source", "marked", "read")],
    "exact content, precision": [(("exact",), ("read",))],
    "exact content, recall": [(("exact",), ("marked",))],
    "exact content, F1": [f1("exact", "marked", "read")],
    "recall, direct": [(("direct found",), ("direct marked",))],
    "recall, mixed": [(("mixed found",), ("mixed marked",))],
    "recall, indirect": [(("indirect found",), ("indirect marked",))],
    "nested": [(("nested found",), ("nested marked",))],
    "nested, with speaker": [(("nested right",), ("nested marked",))],
    "nested, with chain": [(("chain right",), ("nested marked",))],
    "speaker": [(("speaker right",), ("speaker",))],
    "speaker of a pronoun": [(("pronoun right",), ("pronoun",))],
    "speaker of a description": [(("description right",), ("description",))],
    "kind": [(("kind right",), ("speaker",))],
    "kind, macro-F1": [f1(f"{kind} right", f"{kind} marked", f"{kind} read") for kind in Kind],
    "polarity": [(("polarity right",), ("speaker",))],
    "negated, F1": [f1("negated both", "negated marked", "negated read")],
    "hedge": [(("hedge right",), ("speaker",))],
    "hedged, F1": [f1("hedged both", "hedged marked", "hedged read")],
    "due date": [(("due right",), ("due given",))],
    "due date, of all marked": [(("due right",), ("due all",))],
    "due date invented": [(("due invented",), ("due absent",))],
    "said on": [(("said right",), ("speaker",))],
    "addressee": [(("addressee right",), ("addressee given",))],
    "addressee invented": [(("addressee invented",), ("addressee absent",))],
}
