"""Write trained weights as the int8 ONNX file that judges pairs.

PYTHONPATH=bench/reader python bench/pairs/export.py trained.pt prepared.jsonl pairs.onnx
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from pair_network import PairNetwork
from quantize import prepare_body, write_onnx
from torch import Tensor, nn
from train import read_rows

SHOWN = 90  # pairs
MOST_PIECES = 160  # as `claimtrack.matching.side_by_side.MOST_PIECES`


class Pair(nn.Module):
    """The network over one pair: the scores of answers and of stances, and the inner layer that they come from."""

    def __init__(self, network: PairNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, pieces: Tensor, shapes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        features = self.network.inner(self.network.pooled(pieces.unsqueeze(0), shapes.unsqueeze(0)))
        return self.network.answer(features)[0], self.network.stance(features)[0], features[0]


def export(network: PairNetwork, rows: Sequence[dict[str, Any]], out: Path, *, quantized: bool = True) -> None:
    """Export the network; its linear layers, but the smallest, and its table of pieces become int8."""

    def read() -> None:
        for row in rows:
            network(torch.tensor([row["pieces"]]), torch.tensor([row["shapes"]]))

    network.eval()
    network.body.position.weight = nn.Parameter(network.body.position.weight[: MOST_PIECES + 1].detach())
    if quantized:
        prepare_body(network.body, read)
    write_onnx(
        Pair(network),
        (torch.tensor([101, 7592, 102, 2088, 102]), torch.tensor([31, 2, 41, 14, 45])),
        out,
        quantized=quantized,
        floats=("/weight/", "/answer/", "/stance/"),
        input_names=["pieces", "shapes"],
        output_names=["answers", "stances", "features"],
        dynamic_axes={"pieces": {0: "piece"}, "shapes": {0: "piece"}},
    )


def shown(rows: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """Rows of every kind, by which the channels are evened out."""
    return rows[:: max(1, len(rows) // SHOWN)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("weights", type=Path)
    parser.add_argument("prepared", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--float", action="store_true", help="leave the weights as they are, to compare")
    arguments = parser.parse_args()
    network = PairNetwork()
    network.load_state_dict(torch.load(arguments.weights, map_location="cpu", weights_only=True))
    export(network, shown(read_rows(arguments.prepared)["train"]), arguments.out, quantized=not arguments.float)


if __name__ == "__main__":
    main()
