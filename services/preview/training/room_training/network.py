"""The network: a small U-Net (Ronneberger et al., 2015) that also says how far each floor reaches."""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

CHANNELS = (32, 48, 64, 96, 128, 128)
BOX_UNIT_PX = 16.0
"""Distances are exponentials of the last four outputs, times this many input pixels."""


def _layer(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


class FloorNetwork(nn.Module):
    """(n, 2, h, w) ink and tone to (n, 7, h/2, w/2): three class logits and four log distances."""

    def __init__(self) -> None:
        super().__init__()
        self.first = _layer(8, CHANNELS[0])
        steps = list(pairwise(CHANNELS))
        self.down = nn.ModuleList(
            nn.Sequential(_layer(a, b, 2), _layer(b, b), _layer(b, b)) for a, b in steps
        )
        self.up = nn.ModuleList(_layer(a + b, a) for a, b in reversed(steps))
        self.last = nn.Conv2d(CHANNELS[0], 7, 1)

    def forward(self, pictures: Tensor) -> Tensor:
        """Logits and log distances at half the resolution."""
        features = self.first(functional.pixel_unshuffle(pictures, 2))
        kept = []
        for step in self.down:
            kept.append(features)
            features = step(features)
        for step in self.up:
            wide = functional.interpolate(features, scale_factor=2.0, mode="nearest")
            features = step(torch.cat([wide, kept.pop()], 1))
        return self.last(features)


def loss_of(answer: Tensor, classes: Tensor, weights: Tensor, boxes: Tensor) -> tuple[Tensor, Tensor]:
    """Cross entropy of the classes, and one minus the IoU of the boxes where a room is."""
    importance = torch.tensor([1.0, 1.0, 1.5])
    entropy = functional.cross_entropy(answer[:, :3], classes, weight=importance, reduction="none")
    by_class = (entropy * weights).mean()
    said = torch.exp(answer[:, 3:].clamp(-4, 4)) * BOX_UNIT_PX
    is_room = (boxes.sum(1) > 0).float()
    shared = (torch.minimum(said[:, 0], boxes[:, 0]) + torch.minimum(said[:, 2], boxes[:, 2])) * (
        torch.minimum(said[:, 1], boxes[:, 1]) + torch.minimum(said[:, 3], boxes[:, 3])
    )
    true = (boxes[:, 0] + boxes[:, 2]) * (boxes[:, 1] + boxes[:, 3])
    either = (said[:, 0] + said[:, 2]) * (said[:, 1] + said[:, 3]) + true - shared
    worth = is_room / true.clamp(min=16.0).sqrt()
    return by_class, ((1 - shared / either.clamp(min=1e-3)) * worth).sum() / worth.sum().clamp(min=1e-6)
