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

SHOWN = 60  # pairs
MOST_PIECES = 160  # as `claimtrack.matching.side_by_side.MOST_PIECES`


class Pair(nn.Module):
    """The network over one pair: its scores, and the inner layer of its head."""

    def __init__(self, network: PairNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, pieces: Tensor, shapes: Tensor) -> tuple[Tensor, Tensor]:
        lower = self.network.lower(pieces.unsqueeze(0))
        features = self.network.head[:3](self.network.pooled(lower, shapes.unsqueeze(0)))
        return self.network.head[3:](features)[0], features[0]


def export(network: PairNetwork, rows: Sequence[dict[str, Any]], out: Path, *, quantized: bool = True) -> None:
    """Export the network; its linear layers, but the smallest, and its table of pieces become int8."""

    def read() -> None:
        for row in rows:
            network(network.lower(torch.tensor([row["pieces"]])), torch.tensor([row["shapes"]]))

    network.eval()
    network.body.position.weight = nn.Parameter(network.body.position.weight[: MOST_PIECES + 1].detach())
    if quantized:
        prepare_body(network.body, read)
    write_onnx(
        Pair(network),
        (torch.tensor([101, 7592, 102, 2088, 102]), torch.tensor([0, 2, 0, 14, 0])),
        out,
        quantized=quantized,
        floats=("/weight/", "/head/head.4/"),
        input_names=["pieces", "shapes"],
        output_names=["scores", "features"],
        dynamic_axes={"pieces": {0: "piece"}, "shapes": {0: "piece"}},
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("weights", type=Path)
    parser.add_argument("prepared", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--float", action="store_true", help="leave the weights as they are, to compare")
    arguments = parser.parse_args()
    network = PairNetwork()
    network.load_state_dict(torch.load(arguments.weights, map_location="cpu", weights_only=True))
    export(network, read_rows(arguments.prepared)["train"][:SHOWN], arguments.out, quantized=not arguments.float)


if __name__ == "__main__":
    main()
