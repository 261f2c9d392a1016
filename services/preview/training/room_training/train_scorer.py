"""Trains the scorer of regions: ``python -m room_training.train_scorer collect|fit ...``.

``collect`` runs the detector's first half on pages that the network has not learned from and notes, for
every region, what the scorer is told and how well it fits a true room; ``fit`` fits boosted trees to that.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import lightgbm
import numpy as np
from numpy.typing import NDArray
from onnxmltools.convert import convert_lightgbm
from onnxmltools.convert.common.data_types import FloatTensorType

from preview.rooms.detector import find_regions
from preview.rooms.geometry.coverage_mask import CoverageMask
from preview.rooms.options import DEFAULTS
from preview.rooms.scoring.features import FEATURES
from preview.rooms.scoring.region_scorer import features_of
from preview.rooms.text.labels import find_labels
from room_training.judged_pages import RIGHT_IOU, Page, add_arguments, fit_of, pages, worth

TREES = {
    "objective": "regression", "learning_rate": 0.02, "num_leaves": 31, "min_data_in_leaf": 100,
    "feature_fraction": 0.6, "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 5.0, "verbosity": -1,
    "num_threads": 1, "seed": 7, "deterministic": True,
}  # fmt: skip
ROUNDS = 875


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    steps = parser.add_subparsers(dest="step", required=True)
    collect = steps.add_parser("collect", help="write a table of regions")
    add_arguments(collect)
    collect.add_argument("--out", type=Path, required=True)
    fit = steps.add_parser("fit", help="write the model")
    fit.add_argument("tables", type=Path, nargs="+")
    fit.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    if arguments.step == "collect":
        np.savez_compressed(arguments.out, **_table(pages(arguments)))
    else:
        _fit(arguments.tables, arguments.out)


def _table(judged: Iterator[Page]) -> dict[str, NDArray[np.generic]]:
    told, fits = [], []
    for page in judged:
        regions = find_regions(page.gray)
        if not regions:
            continue
        masks = [CoverageMask(region) for region in regions]
        fit, known = fit_of(regions, masks, page)
        for words in [page.words, []] if page.words else [[]]:
            labels = find_labels(words, DEFAULTS.labels)
            told.append(features_of(regions, masks, labels, DEFAULTS.scoring)[known])
            fits.append(fit[known])
    return {"told": np.vstack(told), "fit": np.concatenate(fits)}


def _fit(tables: Sequence[Path], out: Path) -> None:
    parts = [np.load(path) for path in tables]
    fit = np.concatenate([part["fit"] for part in parts])
    told = np.vstack([part["told"] for part in parts])[:, : len(FEATURES)]
    print(f"{len(told)} regions, {np.mean(fit >= RIGHT_IOU):.3f} right")
    data = lightgbm.Dataset(told, worth(fit), feature_name=list(FEATURES))
    trees = lightgbm.train(TREES, data, ROUNDS)
    for name, gain in sorted(
        zip(FEATURES, trees.feature_importance("gain"), strict=True), key=lambda pair: -pair[1]
    ):
        print(f"{name:18} {gain:.0f}")
    model = convert_lightgbm(
        trees, initial_types=[("told", FloatTensorType([None, len(FEATURES)]))], zipmap=False
    )
    out.write_bytes(model.SerializeToString())


if __name__ == "__main__":
    main()
