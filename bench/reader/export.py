"""Write trained weights as the int8 ONNX file that the reader runs.

python bench/reader/export.py trained.pt reader.onnx
"""

import argparse
import tempfile
from pathlib import Path

import onnx
import torch
from network import Reader
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

INPUTS, OUTPUTS = ["pieces", "shapes", "words"], ["tags", "links", "none"]


class Window(nn.Module):
    """The network over one window, whose tags come as probabilities."""

    def __init__(self, network: Reader) -> None:
        super().__init__()
        self.network = network

    def forward(self, pieces: Tensor, shapes: Tensor, words: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        tags, links, none = self.network(pieces.unsqueeze(0), shapes.unsqueeze(0), words.unsqueeze(0))
        return tags[0].log_softmax(-1), links[0], none[0]


def export(network: Reader, out: Path, *, quantized: bool = True) -> None:
    """Export the network; its linear layers and its table of pieces become int8."""
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
        quantize_dynamic(shaped, out, per_channel=True, weight_type=QuantType.QInt8)
    model = onnx.load(out)
    model.producer_name, model.doc_string = "", ""
    onnx.save(model, out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("weights", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--float", action="store_true", help="leave the weights as they are, to compare")
    arguments = parser.parse_args()
    network = Reader()
    network.load_state_dict(torch.load(arguments.weights, map_location="cpu", weights_only=True))
    export(network, arguments.out, quantized=not arguments.float)


if __name__ == "__main__":
    main()
