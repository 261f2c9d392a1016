"""Writes a checkpoint as ONNX: ``python -m room_training.export_network CHECKPOINT MODEL``."""

import argparse
from pathlib import Path

import torch

from preview.rooms.detector import DEFAULTS
from room_training.network import FloorNetwork


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("model", type=Path)
    arguments = parser.parse_args()
    network = FloorNetwork()
    network.load_state_dict(torch.load(arguments.checkpoint, weights_only=True))
    torch.onnx.export(
        network.eval(),
        (torch.zeros(1, 2, *DEFAULTS.network_sides_px),),
        str(arguments.model),
        input_names=["picture"],
        output_names=["answer"],
        dynamic_axes={"picture": {2: "height", 3: "width"}, "answer": {2: "rows", 3: "columns"}},
        opset_version=17,
        dynamo=False,
    )


if __name__ == "__main__":
    main()
