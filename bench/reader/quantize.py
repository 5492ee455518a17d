"""Floats become int8 with little loss: a table by its rows, linear layers after their channels were evened out."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnx
import torch
from network import Body
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

OUTER_SHARE, INNER_SHARE = 0.8, 0.7  # of a channel's size that goes into the weights


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


def prepare_body(body: Body, read: Callable[[], None]) -> None:
    """Round the table of pieces, and prepare the widest layers for int8 by what goes through them in `read`."""
    largest: dict[nn.Module, Tensor] = {}

    def note(layer: nn.Module, given: tuple[Tensor, ...]) -> None:
        found = given[0].abs().amax((0, 1))
        largest[layer] = torch.maximum(largest.get(layer, found), found)

    wide = [part for layer in body.layers for part in (layer.inner, layer.outer)]
    hooks = [part.register_forward_pre_hook(note) for part in wide]
    with torch.no_grad():
        read()
    for hook in hooks:
        hook.remove()
    for layer in body.layers:
        layer.outer = Smoothed(layer.outer, largest[layer.outer], OUTER_SHARE)
        layer.inner = Smoothed(layer.inner, largest[layer.inner], INNER_SHARE)
    body.piece = RoundedTable(body.piece)


def write_onnx(
    module: nn.Module,
    example: tuple[Tensor, ...],
    out: Path,
    *,
    quantized: bool,
    floats: tuple[str, ...] = (),
    **naming: Any,
) -> None:
    """Write a module as ONNX; its linear layers become int8, but those with one of `floats` in their name.

    `naming` are `input_names`, `output_names` and `dynamic_axes` of `torch.onnx.export`.
    """
    with tempfile.TemporaryDirectory() as folder:
        plain, shaped = Path(folder, "plain.onnx"), Path(folder, "shaped.onnx")
        torch.onnx.export(module.eval(), example, plain, opset_version=17, dynamo=False, **naming)
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
            nodes_to_exclude=[name for name in names if any(part in name for part in floats)],
        )
    model = onnx.load(out)
    model.producer_name, model.doc_string = "", ""
    onnx.save(model, out)
