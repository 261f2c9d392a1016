"""Trains the perceptron that scores regions beside trees: ``python -m room_training.train_perceptron ...``.

Reads the tables of ``train_scorer collect``. Where the trees are told numbers with a name, it is told the
network's context too.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from preview.rooms.scoring.features import ALL_FEATURES
from room_training.judged_pages import RIGHT_IOU, worth

HIDDEN = (192, 96)
UNTOLD, FORGOTTEN = 0.1, 0.15
"""Shares of features, and of hidden values, that are left out at random while it learns."""
FARTHEST = 4.0
"""Features are held within so many standard deviations of their means."""
LEAST_SPREAD, UNHEARD = 0.05, 1e6
"""A feature that hardly varied on the pages to learn from is not heard: where it varies, as numbers in rooms
do on university floors, what it would say is chance."""
EPOCHS, BATCH, PEAK_RATE, DECAY = 12, 2048, 4e-3, 1e-2
SEEDS = (1, 11, 12)
"""One perceptron for each; their mean answers."""


class Perceptron(nn.Module):
    """(n, features) to (n, 1) logits of what regions are worth; a feature's ``mean`` and ``spread`` are taken
    out first."""

    def __init__(self, mean: Tensor, spread: Tensor) -> None:
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("spread", spread)
        sizes = (len(mean), *HIDDEN)
        hidden = [
            layer
            for inputs, outputs in zip(sizes, HIDDEN, strict=False)
            for layer in (nn.Linear(inputs, outputs), nn.ReLU(), nn.Dropout(FORGOTTEN))
        ]
        self.layers = nn.Sequential(nn.Dropout(UNTOLD), *hidden, nn.Linear(HIDDEN[-1], 1))

    def forward(self, features: Tensor) -> Tensor:
        """Logits."""
        answer: Tensor = self.layers(((features - self.mean) / self.spread).clamp(-FARTHEST, FARTHEST))
        return answer


class Mean(nn.Module):
    """The mean score of several perceptrons."""

    def __init__(self, perceptrons: Sequence[Perceptron]) -> None:
        super().__init__()
        self.perceptrons = nn.ModuleList(perceptrons)

    def forward(self, features: Tensor) -> Tensor:
        """Scores from 0 to 1."""
        return torch.stack([torch.sigmoid(each(features)) for each in self.perceptrons]).mean(0)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tables", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    parts = [np.load(path) for path in arguments.tables]
    features, fit = (np.concatenate([part[name] for part in parts]) for name in ("told", "fit"))
    print(f"{len(features)} regions, {np.mean(fit >= RIGHT_IOU):.3f} right")
    export(Mean([trained(features, worth(fit), seed) for seed in SEEDS]), arguments.out)


def trained(features: NDArray[np.float32], targets: NDArray[np.float32], seed: int) -> Perceptron:
    """A perceptron that has seen all rows ``EPOCHS`` times."""
    torch.manual_seed(seed)
    told, wanted = torch.tensor(features), torch.tensor(targets)
    spread = told.std(0)
    perceptron = Perceptron(told.mean(0), spread.where(spread >= LEAST_SPREAD, UNHEARD))
    optimizer = torch.optim.AdamW(perceptron.parameters(), PEAK_RATE, weight_decay=DECAY)
    steps = EPOCHS * (len(told) // BATCH + 1)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_RATE, steps)
    for epoch in range(EPOCHS):
        losses = []
        for rows in torch.randperm(len(told)).split(BATCH):
            answer = perceptron(told[rows])[:, 0]
            loss = nn.functional.binary_cross_entropy_with_logits(answer, wanted[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            rate.step()
            losses.append(loss.item())
        print(f"seed {seed}, epoch {epoch}: {np.mean(losses):.4f}", flush=True)
    return perceptron.eval()


def export(perceptrons: Mean, out: Path) -> None:
    """Writes ``perceptrons`` as ONNX."""
    torch.onnx.export(
        perceptrons.eval(),
        (torch.zeros(2, len(ALL_FEATURES)),),
        str(out),
        input_names=["features"],
        output_names=["score"],
        dynamic_axes={"features": {0: "regions"}, "score": {0: "regions"}},
        opset_version=17,
        dynamo=False,
    )


if __name__ == "__main__":
    main()
