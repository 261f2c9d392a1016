"""The network: a small U-Net (Ronneberger et al., 2015) that also says how far each floor reaches."""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from preview.rooms.network.floor_network import REACH_UNIT_PX, STRIDE
from room_training.parts import Part

CHANNELS = (32, 48, 64, 128, 192, 256)
"""The deeper, the cheaper: most time goes into the first three."""
REACH = 4.0
"""Logarithms of distances are held within this."""
ANSWERS = 8
"""Three class logits, four log distances and the log depth."""
PARTS_WORTH = DEPTH_WORTH = 0.5
"""Of their losses beside those of the classes and boxes."""


def _layer(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


class FloorNetwork(nn.Module):
    """(n, 2, h, w) ink and tone to two maps. A cell of ``STRIDE`` pixels has three class logits, four log
    distances to the sides of the box of its room and one to its outline; a block of twice that side, nine
    logits of the parts of a plan. Depth and parts teach the features too.
    """

    def __init__(self, channels: tuple[int, ...] = CHANNELS) -> None:
        super().__init__()
        self.first = _layer(2 * STRIDE**2, channels[0])
        steps = list(pairwise(channels))
        self.down = nn.ModuleList(
            nn.Sequential(_layer(a, b, 2), _layer(b, b), _layer(b, b)) for a, b in steps
        )
        self.up = nn.ModuleList(_layer(a + b, a) for a, b in reversed(steps))
        self.parts = nn.Conv2d(channels[1], len(Part), 1)
        self.last = nn.Conv2d(channels[0], ANSWERS, 1)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Answers of cells and parts of blocks."""
        fine, coarse = self.features(pictures)
        return self.last(fine), self.parts(coarse)

    def features(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """What both are told from."""
        features = self.first(functional.pixel_unshuffle(pictures, STRIDE))
        kept = []
        for step in self.down:
            kept.append(features)
            features = step(features)
        for step in self.up:
            coarser = features
            wide = functional.interpolate(features, scale_factor=2.0, mode="nearest")
            features = step(torch.cat([wide, kept.pop()], 1))
        return features, coarser


def losses_of(
    answer: Tensor,
    parts: Tensor,
    classes: Tensor,
    weights: Tensor,
    boxes: Tensor,
    depth: Tensor,
    allowed: Tensor,
) -> Tensor:
    """Cross entropy of the classes, one minus the IoU of the boxes, and what depth and parts lack."""
    importance = torch.tensor([1.0, 1.0, 1.5], device=answer.device)
    entropy = functional.cross_entropy(answer[:, :3], classes, weight=importance, reduction="none")
    return torch.stack(
        [
            (entropy * weights).mean(),
            _box_loss(answer[:, 3:7], boxes),
            DEPTH_WORTH * _depth_loss(answer[:, 7], depth, weights),
            PARTS_WORTH * _parts_loss(parts, allowed),
        ]
    )


def _box_loss(logs: Tensor, boxes: Tensor) -> Tensor:
    said = torch.exp(logs.clamp(-REACH, REACH)) * REACH_UNIT_PX
    is_room = (boxes.sum(1) > 0).float()
    shared = (torch.minimum(said[:, 0], boxes[:, 0]) + torch.minimum(said[:, 2], boxes[:, 2])) * (
        torch.minimum(said[:, 1], boxes[:, 1]) + torch.minimum(said[:, 3], boxes[:, 3])
    )
    true = (boxes[:, 0] + boxes[:, 2]) * (boxes[:, 1] + boxes[:, 3])
    either = (said[:, 0] + said[:, 2]) * (said[:, 1] + said[:, 3]) + true - shared
    worth = is_room / true.clamp(min=16.0).sqrt()
    return ((1 - shared / either.clamp(min=1e-3)) * worth).sum() / worth.sum().clamp(min=1e-6)


def _depth_loss(log: Tensor, depth: Tensor, weights: Tensor) -> Tensor:
    known = (depth > 0) * weights
    away = (log - torch.log(depth.clamp(min=1.0) / REACH_UNIT_PX)).abs()
    return (away * known).sum() / known.sum().clamp(min=1.0)


def _parts_loss(logits: Tensor, allowed: Tensor) -> Tensor:
    """Minus the logarithm of what all allowed parts have together."""
    bits = torch.arange(logits.shape[1], device=logits.device).view(1, -1, 1, 1)
    possible = (allowed[:, None] >> bits & 1).bool()
    known = (allowed > 0).float()
    share = torch.logsumexp(logits.masked_fill(~possible, -30.0), 1) - torch.logsumexp(logits, 1)
    return -(share * known).sum() / known.sum().clamp(min=1.0)
