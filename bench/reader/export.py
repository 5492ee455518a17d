"""Write trained weights as the int8 ONNX file that the reader runs.

python bench/reader/export.py trained.pt reader.onnx
"""

import argparse
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import onnx
import torch
from batches import batches, read_articles
from network import Reader
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

SHOWN = 10  # articles
OUTER_SHARE, INNER_SHARE = 0.8, 0.7  # of a channel's size that goes into the weights
INPUTS, OUTPUTS = ["pieces", "shapes", "words"], ["tags", "links", "none"]


class RoundedTable(nn.Module):
    """An embedding in int8, with a scale for each row."""

    def __init__(self, table: nn.Embedding) -> None:
        super().__init__()
        scale = table.weight.detach().abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("scale", scale)
        self.register_buffer("rounded", (table.weight.detach() / scale).round().to(torch.int8))

    def forward(self, numbers: Tensor) -> Tensor:
        return self.rounded[numbers].float() * self.scale[numbers]


class Smoothed(nn.Module):
    """A linear layer that divides its input by a number for each channel, and whose weights make up for it."""

    def __init__(self, linear: nn.Linear, largest: Tensor, share: float) -> None:
        super().__init__()
        weights = linear.weight.detach()
        size = largest.clamp(min=1e-5) ** share / weights.abs().amax(0).clamp(min=1e-5) ** (1 - share)
        self.register_buffer("factor", 1 / size)
        self.linear = nn.Linear(linear.in_features, linear.out_features)
        self.linear.weight = nn.Parameter(weights * size)
        self.linear.bias = linear.bias

    def forward(self, hidden: Tensor) -> Tensor:
        return self.linear(hidden * self.factor)


def smooth(network: Reader, articles: Sequence[dict[str, Any]]) -> None:
    """Prepare the body's widest layers for int8 by what goes through them when it reads the articles."""
    largest: dict[nn.Module, Tensor] = {}

    def note(layer: nn.Module, given: tuple[Tensor, ...]) -> None:
        found = given[0].abs().amax((0, 1))
        largest[layer] = torch.maximum(largest.get(layer, found), found)

    wide = [part for layer in network.body.layers for part in (layer.inner, layer.outer)]
    hooks = [part.register_forward_pre_hook(note) for part in wide]
    with torch.no_grad():
        for batch in batches(articles, random.Random(0), shuffled=False):
            network.body(batch.pieces, batch.shapes, batch.mask)
    for hook in hooks:
        hook.remove()
    for layer in network.body.layers:
        layer.outer = Smoothed(layer.outer, largest[layer.outer], OUTER_SHARE)
        layer.inner = Smoothed(layer.inner, largest[layer.inner], INNER_SHARE)


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
    network.eval()
    if quantized:
        smooth(network, articles)
        network.body.piece = RoundedTable(network.body.piece)
    with tempfile.TemporaryDirectory() as folder:
        plain, shaped = Path(folder, "plain.onnx"), Path(folder, "shaped.onnx")
        example = tuple(torch.tensor(row) for row in ([101, 7592, 2088, 102], [0, 1, 1, 0], [1, 2]))
        torch.onnx.export(
            Window(network).eval(),
            example,
            plain,
            input_names=INPUTS,
            output_names=OUTPUTS,
            dynamic_axes={"pieces": {0: "piece"}, "shapes": {0: "piece"}, "words": {0: "word"}},
            opset_version=17,
            dynamo=False,
        )
        if not quantized:
            out.write_bytes(plain.read_bytes())
            return
        quant_pre_process(plain, shaped, skip_symbolic_shape=True)
        names = [node.name for node in onnx.load(shaped).graph.node]
        quantize_dynamic(
            shaped,
            out,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Gemm"],
            nodes_to_exclude=[name for name in names if "/tagger/" in name or "/level/" in name],
        )
    model = onnx.load(out)
    model.producer_name, model.doc_string = "", ""
    onnx.save(model, out)


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
