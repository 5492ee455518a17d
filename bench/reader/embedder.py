"""Write all-MiniLM-L6-v2 as the int8 ONNX file that embeds sentences for matching.

PYTHONPATH=. python bench/reader/embedder.py body/ tests/data/reading/tuned embedder.onnx
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import torch
from network import Body
from quantize import prepare_body, write_onnx
from torch import Tensor, nn
from torch.nn import functional

from claimtrack.wordpieces import WordPieces

SHOWN = 20  # articles
MOST_PIECES = 128  # it was trained on no longer texts


class Embedder(nn.Module):
    """The mean over the pieces of one text, of length 1."""

    def __init__(self, body: Body) -> None:
        super().__init__()
        self.body = body

    def forward(self, pieces: Tensor) -> Tensor:
        hidden = self.body(pieces.unsqueeze(0), torch.zeros_like(pieces).unsqueeze(0))
        return functional.normalize(hidden.mean(1), dim=1)[0]


def export(body: Body, texts: Sequence[Tensor], out: Path, *, quantized: bool = True) -> None:
    """Export the network; its linear layers and its table of pieces become int8."""

    def read() -> None:
        for pieces in texts:
            body(pieces.unsqueeze(0), torch.zeros_like(pieces).unsqueeze(0))

    body.eval()
    nn.init.zeros_(body.shape.weight)  # the shapes of words are the reader's
    body.position.weight = nn.Parameter(body.position.weight[:MOST_PIECES].detach())
    if quantized:
        prepare_body(body, read)
    write_onnx(
        Embedder(body),
        (torch.tensor([101, 7592, 2088, 102]),),
        out,
        quantized=quantized,
        input_names=["pieces"],
        output_names=["embedding"],
        dynamic_axes={"pieces": {0: "piece"}},
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("body", type=Path, help="the folder with model.safetensors and vocab.txt")
    parser.add_argument("articles", type=Path, help="a folder of articles (JSON), by which its channels are evened out")
    parser.add_argument("out", type=Path)
    parser.add_argument("--float", action="store_true", help="leave the weights as they are, to compare")
    arguments = parser.parse_args()
    vocabulary = WordPieces.read(arguments.body / "vocab.txt")
    articles = [json.loads(file.read_text("utf-8")) for file in sorted(arguments.articles.glob("*.json"))[:SHOWN]]
    paragraphs = [paragraph for article in articles for paragraph in article["text"].split("\n\n")]
    texts = [torch.tensor(vocabulary.of_text(paragraph, most=MOST_PIECES)) for paragraph in paragraphs]
    body = Body()
    body.load_pretrained(arguments.body / "model.safetensors")
    export(body, texts, arguments.out, quantized=not arguments.float)


if __name__ == "__main__":
    main()
