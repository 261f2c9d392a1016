"""Prints the curve for ``output/calibration.py``: ``python -m room_training.fit_confidence ...``.

Rooms chosen on pages that neither network nor scorer has learned from are ordered by score and cut into
groups of equal size; a group's share of right rooms (IoU at least 0.5), made non-decreasing by pooling
adjacent violators, is the confidence at its mean score. Drawn pages count with and without their words.
"""

import argparse
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from preview.rooms.detector import find_regions
from preview.rooms.geometry.coverage_mask import CoverageMask
from preview.rooms.options import DEFAULTS
from preview.rooms.scoring.region_scorer import score_candidates
from preview.rooms.selection.non_maximum_suppression import non_maximum_suppression
from preview.rooms.text.labels import find_labels
from room_training.judged_pages import RIGHT_IOU, Page, add_arguments, fit_of, pages

GROUPS = 12


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_arguments(parser)
    judged = [pair for page in pages(parser.parse_args()) for pair in _judged(page)]
    print(f"{len(judged)} rooms, {np.mean([right for _, right in judged]):.3f} right")
    for score, share in fit(judged):
        print(f"({score:.3f}, {share:.3f}),")


def _judged(page: Page) -> Iterator[tuple[float, bool]]:
    regions = find_regions(page.gray)
    masks = [CoverageMask(region) for region in regions]
    fits, known = fit_of(regions, masks, page)
    facts = {id(region): (fit, sure) for region, fit, sure in zip(regions, fits, known, strict=True)}
    for words in [page.words, []] if page.words else [[]]:
        labels = find_labels(words, DEFAULTS.labels)
        candidates = score_candidates(regions, masks, labels, DEFAULTS.scoring)
        for candidate in non_maximum_suppression(candidates, masks, DEFAULTS.selection):
            fit_here, sure = facts[id(candidate.region)]
            if sure:
                yield candidate.score, bool(fit_here >= RIGHT_IOU)


def fit(judged: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """Points (score, share right) of a non-decreasing curve through ``judged`` pairs (score, right)."""
    groups = np.array_split(np.array(sorted(judged), np.float64), GROUPS)
    pooled: list[tuple[NDArray[np.float64], int]] = []
    for group in groups:
        mean, size = group.mean(axis=0), len(group)
        while pooled and pooled[-1][0][1] >= mean[1]:
            other, count = pooled.pop()
            mean, size = (mean * size + other * count) / (size + count), size + count
        pooled.append((mean, size))
    return [(float(mean[0]), float(mean[1])) for mean, _ in pooled]


if __name__ == "__main__":
    main()
