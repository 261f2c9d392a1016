"""Writes a checkpoint as ONNX: ``python -m room_training.export_network CHECKPOINT MODEL --flats FOLDER``.

Weights and activations get eight bits, which a processor multiplies three times as fast. What each layer's
range is, pages of the kind that the network learned from tell.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import onnx
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from preview.rooms.options import DEFAULTS
from room_training.network import FloorNetwork
from room_training.samples import annotated_sample, drawn_sample
from room_training.split import annotated_plans, flats

CALIBRATION_PAGES = 60
ANNOTATED_EVERY = 3
SEED = 777

EIGHT_BIT = ["Conv", "MaxPool", "Concat", "Resize", "Relu"]


class _Shipped(nn.Module):
    """What the service asks: classes and distances, the features that parts are told from, and the parts."""

    def __init__(self, network: FloorNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        fine, coarse = self.network.features(pictures)
        return self.network.last(fine), coarse, self.network.parts(coarse)


class _Pages(CalibrationDataReader):  # type: ignore[misc]  # ONNX Runtime has no types
    def __init__(self, pictures: Iterator[NDArray]) -> None:
        self._pictures = pictures

    def get_next(self) -> dict[str, NDArray] | None:
        picture = next(self._pictures, None)
        return None if picture is None else {"picture": picture[None]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--flats", type=Path)
    parser.add_argument("--annotated", type=Path, nargs="*", default=[])
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        exact, prepared = Path(folder) / "exact.onnx", Path(folder) / "prepared.onnx"
        export(arguments.checkpoint, exact)
        quant_pre_process(exact, prepared, skip_symbolic_shape=True)
        quantize(prepared, arguments.model, _Pages(pictures(arguments.flats, arguments.annotated)))


def export(checkpoint: Path, model: Path) -> None:
    """The network with weights of 32 bits."""
    network = FloorNetwork()
    network.load_state_dict(torch.load(checkpoint, weights_only=True)["mean"])
    torch.onnx.export(
        _Shipped(network).eval(),
        (torch.zeros(1, 2, *DEFAULTS.network.sides_px),),
        str(model),
        input_names=["picture"],
        output_names=["answer", "context", "parts"],
        dynamic_axes={
            "picture": {2: "height", 3: "width"},
            "answer": {2: "rows", 3: "columns"},
            "context": {2: "block_rows", 3: "block_columns"},
            "parts": {2: "block_rows", 3: "block_columns"},
        },
        opset_version=17,
        dynamo=False,
    )


def pictures(flat_folder: Path | None, annotated_folders: Sequence[Path]) -> Iterator[NDArray]:
    """Pages of the network's own part of the data, one in ``ANNOTATED_EVERY`` an annotated picture."""
    drawn_from = flats(flat_folder)[0]
    annotated = annotated_plans(annotated_folders)[0]
    for number in range(CALIBRATION_PAGES):
        random = Random(SEED * 1000 + number)
        if annotated and number % ANNOTATED_EVERY == 0:
            yield annotated_sample(random.choice(annotated), random).picture
        else:
            yield drawn_sample(drawn_from, random).picture


def quantize(exact: Path, model: Path, pages: CalibrationDataReader) -> None:
    """The last layers stay exact: their answers are logarithms, of which few bits would be left.

    Weights take seven bits: products of eight overflow on processors without VNNI instructions, which would
    then find other rooms.
    """
    graph = onnx.load(exact).graph
    pointwise = {item.name for item in graph.initializer if list(item.dims[2:]) == [1, 1]}
    last = [node.name for node in graph.node if node.op_type == "Conv" and node.input[1] in pointwise]
    quantize_static(
        exact,
        model,
        pages,
        op_types_to_quantize=EIGHT_BIT,
        nodes_to_exclude=last,
        per_channel=True,
        reduce_range=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
    )


if __name__ == "__main__":
    main()
