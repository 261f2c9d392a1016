"""Trains the floor network on drawn and annotated pages."""

import argparse
import copy
import json
import math
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import cv2
import numpy as np
import torch
from shapely import GEOSException
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from room_training.network import FloorNetwork, loss_of
from room_training.samples import Sample, annotated_sample, drawn_sample
from room_training.split import annotated_plans, flats

BATCH = 8
PEAK_RATE = 2.5e-3
DRAWN_SHARE = 0.62
AVERAGE = 0.998
"""Weight of the past in the running mean of the weights, which is what ships."""


class Pages(IterableDataset[tuple[np.ndarray, ...]]):
    """Pages without end."""

    def __init__(self, flat_files: list[Path], annotated: list[Path], seed: int) -> None:
        self.flat_files, self.annotated, self.seed = flat_files, annotated, seed

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
            yield sample.picture, sample.classes, sample.weights, sample.boxes

    def _one(self, random: Random) -> Sample:
        if not self.annotated or random.random() < DRAWN_SHARE:
            return drawn_sample(self.flat_files, random)
        return annotated_sample(random.choice(self.annotated), random)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--flats",
        type=Path,
        help="folder of Raster-to-Vector annotation files; only invented plans if absent",
    )
    parser.add_argument("--annotated", type=Path, help="folder of annotated pictures; none if absent")
    parser.add_argument("--out", type=Path, required=True, help="checkpoint to write")
    parser.add_argument("--start", type=Path, help="checkpoint to go on from; random weights if absent")
    parser.add_argument("--rate", type=float, default=PEAK_RATE, help="highest learning rate")
    parser.add_argument("--minutes", type=float, default=75)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    pages = Pages(flats(arguments.flats)[0], annotated_plans(arguments.annotated)[0], arguments.seed)
    batches = DataLoader(
        pages, BATCH, num_workers=arguments.workers, prefetch_factor=4, persistent_workers=True
    )
    network = FloorNetwork().to(memory_format=torch.channels_last)
    if arguments.start:
        network.load_state_dict(torch.load(arguments.start, weights_only=True))
    train(network, batches, arguments.minutes * 60, arguments.rate, arguments.out)


def train(
    network: FloorNetwork,
    batches: DataLoader[tuple[torch.Tensor, ...]],
    seconds: float,
    rate: float,
    out: Path,
) -> None:
    """Trains for ``seconds``, the rate rising for 3 % of them and then falling like a cosine."""
    mean = copy.deepcopy(network).eval()
    optimizer = torch.optim.AdamW(network.parameters(), rate, weight_decay=1e-2)
    started, saved, losses = time.monotonic(), 0.0, []
    for step, (pictures, classes, weights, boxes) in enumerate(batches, start=1):
        spent = (time.monotonic() - started) / seconds
        if spent >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = rate * (min(1, spent / 0.03) * (1 + math.cos(math.pi * spent)) / 2 + 0.002)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            answer = network(pictures.contiguous(memory_format=torch.channels_last))
        by_class, by_box = loss_of(answer.float(), classes, weights, boxes)
        optimizer.zero_grad()
        (by_class + by_box).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimizer.step()
        _average(mean, network, step)
        losses.append((by_class.item(), by_box.item()))
        if step % 50 == 0:
            said = np.mean(losses[-50:], axis=0)
            print(
                json.dumps(
                    {
                        "step": step,
                        "spent": round(spent, 4),
                        "class": round(said[0], 4),
                        "box": round(said[1], 4),
                    }
                ),
                flush=True,
            )
        if time.monotonic() - saved > 240:
            torch.save(mean.state_dict(), out)
            saved = time.monotonic()
    torch.save(mean.state_dict(), out)


def _average(mean: torch.nn.Module, network: torch.nn.Module, step: int) -> None:
    share = min(AVERAGE, (1 + step) / (10 + step))
    state = network.state_dict()
    with torch.no_grad():
        for name, value in mean.state_dict().items():
            if value.dtype.is_floating_point:
                value.lerp_(state[name], 1 - share)
            else:
                value.copy_(state[name])


if __name__ == "__main__":
    main()
