"""The trained models in ``models/``, loaded for inference."""

from functools import cache
from importlib.resources import files

import onnxruntime


@cache
def model(name: str) -> onnxruntime.InferenceSession:
    """The model in ``models/{name}.onnx``, loaded once in a process.

    One thread, as the service gives each page one core. Without an arena, which would keep the most
    memory that any page ever took.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    content = files("preview.rooms").joinpath(f"models/{name}.onnx").read_bytes()
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
