"""Trained networks, run by onnxruntime on the processor."""

import os
from pathlib import Path
from typing import Any

THREADS = 1  # a process serves one article at a time; there are as many processes as cores


def open_session(model: Path, *, threads: int = THREADS) -> Any:
    """Load an ONNX file, to be run by `session.run(names of outputs, arrays by the names of inputs)`."""
    import onnxruntime  # noqa: PLC0415 - 30 MB that only a process that runs a network needs

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(os.fspath(model), options, providers=["CPUExecutionProvider"])
