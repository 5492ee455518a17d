"""The figures of the matcher on told stories."""

from bench.figures import Figures, f1
from bench.matching.scoring import STANCES

FIGURES: Figures = {
    "same claim, precision": [(("pairs right",), ("pairs found",))],
    "same claim, recall": [(("pairs right",), ("pairs marked",))],
    "same claim, F1": [f1("pairs right", "pairs marked", "pairs found")],
    "stance of what bears, macro-F1": [f1(f"{one} judged rightly", f"{one} bears", f"{one} judged") for one in STANCES],
    **{f"- {one}": [f1(f"{one} judged rightly", f"{one} bears", f"{one} judged")] for one in STANCES},
    "bearing found, macro-F1": [f1(f"{one} found rightly", f"{one} marked", f"{one} found") for one in STANCES],
    **{f"- {one} found": [f1(f"{one} found rightly", f"{one} marked", f"{one} found")] for one in STANCES},
    "wrong accepts": [(("accepted wrongly",), ("accepted",))],
    "repeats accepted": [(("accepted rightly",), ("repeats",))],
}
