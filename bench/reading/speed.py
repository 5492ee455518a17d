"""What reading takes beside the bare network, on one thread: the rest is ours to keep small."""

import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bench.reading.articles import Article
from claimtrack.extraction import Engine, read_statements
from claimtrack.extraction.linking import network_input
from claimtrack.extraction.network import packaged_network
from claimtrack.extraction.sentences import prepare

WORDS = 750
TIMES = 5  # each text is read, alternately by the bare network and in whole; the fastest of each counts


@dataclass(frozen=True, slots=True)
class Speed:
    """Medians over texts of about 750 words, in milliseconds of processor time, and of the ratio of the two."""

    bare: float
    whole: float
    ratio: float
    texts: int


def beside_the_network(articles: Iterable[Article]) -> Speed:
    """Time the network on its windows alone, and all of the reading, on the same texts in turn."""
    network = packaged_network()
    pairs = []
    for text in _texts(articles):
        windows = [given for _, *given in network_input(prepare(text), network.vocabulary)]
        bare, whole = [], []
        for _ in range(TIMES):
            bare.append(_milliseconds(lambda windows=windows: [network.scores(*one) for one in windows]))
            whole.append(_milliseconds(lambda text=text: read_statements(text, engine=Engine.NEURAL)))
        pairs.append((min(bare), min(whole)))
    return Speed(
        bare=statistics.median(bare for bare, _ in pairs),
        whole=statistics.median(whole for _, whole in pairs),
        ratio=statistics.median(whole / bare for bare, whole in pairs),
        texts=len(pairs),
    )


def _texts(articles: Iterable[Article]) -> Iterator[str]:
    """Put articles one after the other until there are words enough, and cut off the rest."""
    words: list[str] = []
    for article in articles:
        words += article.text.replace("\n\n", "\n\n ").split(" ")
        if len(words) >= WORDS:
            yield " ".join(words[:WORDS])
            words = []


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000
