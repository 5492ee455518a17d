"""What a worker has in memory when it says that it is ready."""

import os
import subprocess
import sys

AFTER_LOADING = """
import sys
import django
django.setup()
from apps.claims.services.matching import load_matcher
from apps.sources.models import Article, ArticleVersion
from apps.statements.services.reading import attributions_of, load_reader
from claimtrack.matching.decision import decide
from claimtrack.matching.embedding import embed
from claimtrack.matching.normalize import search_terms
from claimtrack.matching.stance import ClaimFacts, StatementFacts

load_matcher()
load_reader()
opened = []
sys.addaudithook(lambda event, given: opened.append(str(given[0])) if event == "open" else None)

TEXT = "Mayor Ada Stone said on Monday that the bridge would open in March. “Never in autumn,” Paul Reed replied."
[found, *_] = attributions_of(ArticleVersion(text=TEXT, article=Article()))
search_terms(found.proposition)
meaning = embed([found.proposition])[0]
said = StatementFacts(found.proposition, frozenset("1"), found.kind, meaning=meaning)
decide(said, [ClaimFacts(1, "Traffic will cross the bridge before April", frozenset("2"), found.kind, meaning=meaning)])
print(*opened, sep="\\n", end="")
"""


def test_reading_and_matching_the_first_article_open_no_file_any_more():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "claimtrack.settings"}

    command = [sys.executable, "-c", AFTER_LOADING]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert (told.stdout, told.stderr) == ("", "")
