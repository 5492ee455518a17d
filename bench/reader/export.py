"""Write trained weights as the int8 ONNX file that the reader runs.

python bench/reader/export.py trained.pt prepared.jsonl reader.onnx
"""

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from batches import MAX_PIECES, batches, read_articles
from network import Reader
from quantize import prepare_body, write_onnx
from torch import Tensor, nn

SHOWN = 10  # articles
INPUTS, OUTPUTS = ["pieces", "shapes", "words"], ["tags", "links", "none"]


class Window(nn.Module):
    """The network over one window, whose tags come as probabilities."""

    def __init__(self, network: Reader) -> None:
        super().__init__()
        self.network = network

    def forward(self, pieces: Tensor, shapes: Tensor, words: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        tags, links, none = self.network(pieces.unsqueeze(0), shapes.unsqueeze(0), words.unsqueeze(0))
        return tags[0].log_softmax(-1), links[0], none[0]


def export(network: Reader, articles: Sequence[dict[str, Any]], out: Path, *, quantized: bool = True) -> None:
    """Export the network; its linear layers, but the smallest, and its table of pieces become int8."""

    def read() -> None:
        for batch in batches(articles, random.Random(0), shuffled=False):
            network.body(batch.pieces, batch.shapes, batch.mask)

    network.eval()
    if quantized:
        prepare_body(network.body, read)
    network.body.position.weight = nn.Parameter(network.body.position.weight[: MAX_PIECES + 2].detach())
    write_onnx(
        Window(network),
        tuple(torch.tensor(row) for row in ([101, 7592, 2088, 102], [0, 1, 1, 0], [1, 2])),
        out,
        quantized=quantized,
        floats=("/tagger/", "/level/"),
        input_names=INPUTS,
        output_names=OUTPUTS,
        dynamic_axes={"pieces": {0: "piece"}, "shapes": {0: "piece"}, "words": {0: "word"}},
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("weights", type=Path)
    parser.add_argument("prepared", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--float", action="store_true", help="leave the weights as they are, to compare")
    arguments = parser.parse_args()
    network = Reader()
    network.load_state_dict(torch.load(arguments.weights, map_location="cpu", weights_only=True))
    articles = read_articles(arguments.prepared)[1 : 1 + SHOWN]
    export(network, articles, arguments.out, quantized=not arguments.float)


if __name__ == "__main__":
    main()
