"""Draws the plans in tests/data/plans again: ``python tests/data/draw_plans.py [FOLDER]``."""

import sys
from pathlib import Path

from plan_drawing.plan_files import draw_all

if __name__ == "__main__":
    draw_all(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "plans")
