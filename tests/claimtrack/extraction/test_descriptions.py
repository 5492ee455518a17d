"""Who is meant by other words for somebody: ages, trades, offices, relations; and what tells people from places."""

from functools import partial

import pytest

from claimtrack import extraction
from claimtrack.extraction import Engine

read_statements = partial(extraction.read_statements, engine=Engine.RULES)


def last_speaker(text: str) -> str:
    return read_statements(text)[-1].speaker.name


OTHER_WORDS = [
    ("Ida Lund sang in Ulm. The 54-year-old said it rained.", "Ida Lund"),
    ("Joe Bell spoke. The 54-year-old, the first woman in the post, said it rained.", "The 54-year-old"),
    ("Joe Bell said it snowed. The former army officer said it rained.", "Joe Bell"),
    ("Joe Bell said it snowed. The veteran socialist said it rained.", "Joe Bell"),
    ("Joe Bell said it snowed. The shipowner said it rained.", "Joe Bell"),
    ("Ida Lund, who leads the union, met Joe Bell. The leader said it rained.", "Ida Lund"),
    ("Ida Lund, 54, a beekeeper from Ulm, met Joe Bell. The beekeeper said it rained.", "Ida Lund"),
    ("Lawyer Ida Lund met Joe Bell. The attorney said it rained.", "Ida Lund"),
    ("Ida Lund is the mayor of Ulm. Joe Bell is not. The mayor said it rained.", "Ida Lund"),
    ("Joe Bell's lawyer said it rained. Lawyer Ida Lund listened.", "Joe Bell's lawyer"),
    ("Anna Weber and Joe Bell said it snowed. The couple said it rained.", "Anna Weber and Joe Bell"),
    ("Corvane Airways met Tolva Securities. The brokerage said it rained.", "Tolva Securities"),
]


@pytest.mark.parametrize(("text", "speaker"), OTHER_WORDS)
def test_other_words_mean_whom_they_fit(text, speaker):
    assert last_speaker(text) == speaker


NAMES = [
    ("Minister Nadia el-Gohary spoke. El-Gohary said it rained.", "Nadia el-Gohary"),
    ("José Luis Carrasco Molina spoke. Carrasco said it rained.", "José Luis Carrasco Molina"),
    ("Pieter van Rensburg spoke. Mr van Rensburg said it rained.", "Pieter van Rensburg"),
    ("On Tuesday Ida Lund said it rained.", "Ida Lund"),
    ("The Italian Gianni Moretti said it rained.", "Gianni Moretti"),
    ("The Farmers' League said it rained.", "Farmers' League"),
    ("Rajesh Patil met Sunita Patil. Mrs Patil left. Mr Patil said it rained.", "Rajesh Patil"),
    ("Rajesh Patil met Sunita Patil. Mr Patil left. Mrs Patil said it rained.", "Sunita Patil"),
]


@pytest.mark.parametrize(("text", "speaker"), NAMES)
def test_a_short_name_leads_back_to_the_full_one(text, speaker):
    assert last_speaker(text) == speaker


PRONOUNS = [
    ("Lotta Ek lives in Eidvik. Joe Bell came to Eidvik. She said it rained.", "Lotta Ek"),
    ("Energy minister Joe Bell spoke. He said it rained.", "Joe Bell"),
    ("Ida Lund said it snowed.\n\nTolan Verrik, a friend, woke up. He said it rained.", "Tolan Verrik"),
    ("Lee Da-in met Joe Bell. She said it rained.", "Lee Da-in"),
    ("Kim Jong-un met Ida Lund. He said it rained.", "Kim Jong-un"),
    ("Ida Lund spoke.\n\nA nurse entered. She said it rained.", "A nurse"),
]


@pytest.mark.parametrize(("text", "speaker"), PRONOUNS)
def test_a_pronoun_means_one_who_can_be_meant(text, speaker):
    assert last_speaker(text) == speaker
