"""Trains the floor network on drawn and annotated pages, from a shipped model or a checkpoint."""

import argparse
import copy
import json
import math
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import cv2
import numpy as np
import torch
from shapely import GEOSException
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from room_training.growing import grown_from
from room_training.network import FloorNetwork, losses_of
from room_training.samples import Sample, annotated_sample, drawn_sample
from room_training.split import annotated_plans, flats

BATCH = 8
PEAK_RATE = 1e-3
DRAWN_SHARE, WALLS_SHARE = 0.5, 0.06
AVERAGE = 0.998
"""Weight of the past in the running mean of the weights, which is what ships."""
SETTLING_PAGES = 32
"""Pages that tell how the layers of a shipped model vary."""
SAVE_SECONDS, TOLD_STEPS = 240, 50
LOSSES = ("class", "box", "depth", "parts")

Batch = tuple[torch.Tensor, ...]


class Pages(IterableDataset[tuple[np.ndarray, ...]]):
    """Pages without end."""

    def __init__(self, flat_files: list[Path], annotated: list[Path], walls: list[Path], seed: int) -> None:
        self.flat_files, self.annotated, self.walls, self.seed = flat_files, annotated, walls, seed

    def __iter__(self) -> Iterator[tuple[np.ndarray, ...]]:
        worker = get_worker_info()
        cv2.setNumThreads(1)
        torch.set_num_threads(1)
        random = Random(self.seed * 1000 + (worker.id if worker else 0))
        while True:
            try:
                sample = self._one(random)
            except (GEOSException, ZeroDivisionError) as exc:
                print(f"a page could not be drawn and is left out: {exc!r}", flush=True)
                continue
            yield sample.picture, sample.classes, sample.weights, sample.boxes, sample.depth, sample.parts

    def _one(self, random: Random) -> Sample:
        chance = random.random()
        if self.walls and chance < WALLS_SHARE:
            return annotated_sample(random.choice(self.walls), random)
        if not self.annotated or chance < WALLS_SHARE + DRAWN_SHARE:
            return drawn_sample(self.flat_files, random)
        return annotated_sample(random.choice(self.annotated), random)


@dataclass
class Training:
    """A network in training, with all that it needs to go on after a break; ``spent`` is the share of its
    time that has passed, which the learning rate follows."""

    network: FloorNetwork
    mean: FloorNetwork
    optimizer: torch.optim.Optimizer
    step: int = 0
    spent: float = 0.0
    losses: list[list[float]] = field(default_factory=list)

    @classmethod
    def of(cls, network: FloorNetwork) -> "Training":
        """A training that begins."""
        network = network.to(memory_format=torch.channels_last)
        optimizer = torch.optim.AdamW(network.parameters(), weight_decay=1e-2)
        return cls(network, copy.deepcopy(network).eval(), optimizer)

    def state(self) -> dict[str, Any]:
        """What ``go_on`` takes."""
        return {
            "network": self.network.state_dict(), "mean": self.mean.state_dict(),
            "optimizer": self.optimizer.state_dict(), "step": self.step, "spent": self.spent,
        }  # fmt: skip

    def go_on(self, state: dict[str, Any]) -> None:
        """Takes up a training where its checkpoint left it."""
        self.network.load_state_dict(state["network"])
        self.mean.load_state_dict(state["mean"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.spent = state["step"], state["spent"]


def main() -> None:
    arguments = _arguments()
    os.nice(arguments.nice)
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    pages = Pages(
        flats(arguments.flats)[0],
        annotated_plans(arguments.annotated)[0],
        annotated_plans(arguments.walls)[0],
        arguments.seed,
    )
    batches = DataLoader(
        pages, BATCH, num_workers=arguments.workers, prefetch_factor=4, persistent_workers=True
    )
    training = _begun(arguments, batches)
    train(training, batches, arguments)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--flats",
        type=Path,
        help="folder of Raster-to-Vector annotation files; only invented plans if absent",
    )
    parser.add_argument("--annotated", type=Path, nargs="*", default=[], help="folders of annotated pictures")
    parser.add_argument("--walls", type=Path, nargs="*", default=[], help="folders of pictures with walls")
    parser.add_argument(
        "--out", type=Path, required=True, help="checkpoint to write, and to go on from if it is there"
    )
    parser.add_argument("--start", type=Path, help="ONNX file to begin from; random weights if absent")
    parser.add_argument("--rate", type=float, default=PEAK_RATE, help="highest learning rate")
    parser.add_argument("--minutes", type=float, default=75, help="until the end of training")
    parser.add_argument("--steps", type=int, default=1 << 30, help="batches of this run")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--nice", type=int, default=19, help="how far others go first")
    return parser.parse_args()


def _begun(arguments: argparse.Namespace, batches: "DataLoader[Batch]") -> Training:
    network = FloorNetwork()
    if arguments.start and not arguments.out.exists():
        settling = iter(batches)
        pictures = torch.cat([next(settling)[0] for _ in range(SETTLING_PAGES // BATCH)])
        network = grown_from(arguments.start, pictures)
    training = Training.of(network.to(arguments.device))
    if arguments.out.exists():
        training.go_on(torch.load(arguments.out, weights_only=True, map_location=arguments.device))
    return training


def train(training: Training, batches: "DataLoader[Batch]", arguments: argparse.Namespace) -> None:
    """Trains for the minutes given, the rate rising for 3 % of them and then falling like a cosine."""
    before, started, saved = training.spent, time.monotonic(), time.monotonic()
    last = training.step + arguments.steps
    for batch in batches:
        passed = (time.monotonic() - started) / (arguments.minutes * 60)
        training.spent = before + (1 - before) * passed
        if passed >= 1 or training.step >= last:
            break
        _set_rate(training, arguments.rate)
        _learn(training, [each.to(arguments.device, non_blocking=True) for each in batch])
        if training.step % TOLD_STEPS == 0:
            _tell(training)
        if time.monotonic() - saved > SAVE_SECONDS:
            _save(training, arguments.out)
            saved = time.monotonic()
    _save(training, arguments.out)


def _set_rate(training: Training, peak: float) -> None:
    spent = training.spent
    for group in training.optimizer.param_groups:
        group["lr"] = peak * (min(1, spent / 0.03) * (1 + math.cos(math.pi * min(1, spent))) / 2 + 0.002)


def _learn(training: Training, batch: list[torch.Tensor]) -> None:
    pictures, *truth = batch
    with torch.autocast(pictures.device.type, dtype=torch.bfloat16):
        answer, parts = training.network(pictures.contiguous(memory_format=torch.channels_last))
    losses = losses_of(answer.float(), parts.float(), *truth)
    training.optimizer.zero_grad()
    losses.sum().backward()
    torch.nn.utils.clip_grad_norm_(training.network.parameters(), 5.0)
    training.optimizer.step()
    training.step += 1
    _average(training)
    training.losses.append(losses.tolist())


def _tell(training: Training) -> None:
    said = np.mean(training.losses[-TOLD_STEPS:], axis=0).round(4).tolist()
    facts = {"step": training.step, "spent": round(training.spent, 4)}
    print(json.dumps(facts | dict(zip(LOSSES, said, strict=True))), flush=True)


def _save(training: Training, out: Path) -> None:
    """Whole or not at all."""
    fresh = out.with_suffix(".new")
    torch.save(training.state(), fresh)
    fresh.replace(out)


def _average(training: Training) -> None:
    share = min(AVERAGE, (1 + training.step) / (10 + training.step))
    state = training.network.state_dict()
    with torch.no_grad():
        for name, value in training.mean.state_dict().items():
            if value.dtype.is_floating_point:
                value.lerp_(state[name], 1 - share)
            else:
                value.copy_(state[name])


if __name__ == "__main__":
    main()
