"""A network that begins where a shipped model is, though it may have more channels.

An ONNX file in eight bits has no batch normalisation left, and training needs it: it is put back such that
on some pages every layer answers what it answered without. Weights of channels that the model does not have
are chance on the way in and nothing on the way out, so the answer stays.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from room_training.network import FloorNetwork

HEADS = ("answer", "parts")
"""Outputs that a convolution of their own gives; the context is what the last of them is told from."""

Kernel = tuple[Tensor, Tensor]
"""Weights of a convolution and its bias."""


def grown_from(model: Path, pictures: Tensor) -> FloorNetwork:
    """The network with the weights in ``model``; ``pictures`` tell how its layers' outputs vary."""
    network = FloorNetwork()
    kernels = kernels_of(model)
    joined = {id(layer[0]) for layer in network.up}
    for convolution, kernel in zip(_in_running_order(network), kernels, strict=True):
        _take_over(convolution, kernel, id(convolution) in joined)
    _normalise(network, pictures)
    return network


def kernels_of(model: Path) -> list[Kernel]:
    """The convolutions of an ONNX file, of eight bits or 32: in running order, those that give its outputs
    last, in the order of ``HEADS``."""
    graph = onnx.load(model).graph
    values = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    for node in graph.node:
        if node.op_type == "DequantizeLinear" and node.input[0] in values:
            values[node.output[0]] = _dequantised(*(values[name] for name in node.input))
    found = [node for node in graph.node if node.op_type == "Conv"]
    found.sort(key=lambda node: HEADS.index(node.output[0]) if node.output[0] in HEADS else -1)
    return [(torch.tensor(values[node.input[1]]), torch.tensor(values[node.input[2]])) for node in found]


def _dequantised(whole: np.ndarray, scale: np.ndarray, zero: np.ndarray) -> np.ndarray:
    along = (-1, *[1] * (whole.ndim - 1)) if scale.ndim else ()
    steps = whole.astype(np.float32) - zero.astype(np.float32).reshape(along)
    return np.asarray(steps * scale.reshape(along), np.float32)


def _in_running_order(network: FloorNetwork) -> list[nn.Conv2d]:
    order: list[nn.Conv2d] = [network.first[0]]
    order += [layer[0] for step in network.down for layer in step]
    order += [layer[0] for layer in network.up]
    return [*order, network.last, network.parts]


def _take_over(convolution: nn.Conv2d, kernel: Kernel, joined: bool) -> None:
    """Copies a kernel; a ``joined`` layer sees deeper channels first and then as many as it has outputs."""
    weights, bias = kernel
    outputs, inputs = weights.shape[:2]
    skipped = outputs if joined else 0
    if not joined and convolution.in_channels == inputs * 4 and outputs == convolution.out_channels:
        weights = _finer(weights)
        inputs = weights.shape[1]
    with torch.no_grad():
        new = convolution.weight
        first = new.shape[1] - new.shape[0] if joined else inputs
        new[:outputs] = 0
        new[:outputs, : inputs - skipped] = weights[:, : inputs - skipped]
        new[:outputs, first : first + skipped] = weights[:, inputs - skipped :]
        if convolution.bias is not None:
            convolution.bias[:outputs] = bias
        else:
            convolution.register_buffer("taken_bias", bias, persistent=False)


def _finer(weights: Tensor) -> Tensor:
    """Kernels for cells of 4 x 4 pixels that see of them the means that those of 2 x 2 pixels saw."""
    coarse = weights.unflatten(1, (2, 2, 2))
    return coarse.repeat_interleave(2, 2).repeat_interleave(2, 3).flatten(1, 3) / 4


def _normalise(network: FloorNetwork, pictures: Tensor) -> None:
    """Sets every batch normalisation to undo itself, and to add the bias that the model had there."""

    def settle(norm: nn.BatchNorm2d, bias: Tensor | None, values: Tensor) -> None:
        mean, variance = values.mean((0, 2, 3)), values.var((0, 2, 3), unbiased=False)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        if bias is not None:
            count = len(bias)
            norm.weight[:count] = (variance[:count] + norm.eps).sqrt()
            norm.bias[:count] = bias + mean[:count]

    hooks = []
    layers = [m for m in network.modules() if isinstance(m, nn.Sequential) and isinstance(m[0], nn.Conv2d)]
    for layer in layers:
        bias = getattr(layer[0], "taken_bias", None)
        hooks.append(
            layer[1].register_forward_pre_hook(lambda norm, values, bias=bias: settle(norm, bias, values[0]))
        )
    with torch.no_grad():
        network.eval()(pictures)
    for hook in hooks:
        hook.remove()
    network.train()
