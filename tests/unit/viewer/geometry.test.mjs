import assert from "node:assert/strict";
import { test } from "node:test";

import * as geometry from "../../../services/jobs/src/jobs/viewer/editor/geometry.js";

const SQUARE = [[10, 10], [110, 10], [110, 110], [10, 110]];
const ELL = [[0, 0], [100, 0], [100, 50], [50, 50], [50, 100], [0, 100]];
const PAGE = { width_px: 3300, height_px: 2550 };

test("page units are of each side of the page, and a point outside is brought onto it", () => {
  assert.deepEqual(geometry.toPixels([500, 500], PAGE), [1650, 1275]);
  assert.deepEqual(geometry.toPage([1650, 1275], PAGE), [500, 500]);
  assert.deepEqual(geometry.toPage([1, -4], PAGE), [0.3, 0]);
  assert.deepEqual(geometry.toPage([9999, 9999], PAGE), [1000, 1000]);
});

test("a point is inside an outline with an inward corner or not", () => {
  assert.equal(geometry.contains(ELL, [25, 75]), true);
  assert.equal(geometry.contains(ELL, [75, 75]), false);
  assert.equal(geometry.area(ELL), 7500);
  assert.equal(geometry.area([...ELL].reverse()), 7500);
});

const NOT_SIMPLE = {
  "two corners": [[0, 0], [1, 1]],
  "a bow tie": [[0, 0], [10, 10], [10, 0], [0, 10]],
  "a corner twice": [[0, 0], [0, 0], [10, 0], [10, 10]],
  "a spike": [[0, 0], [10, 0], [20, 0], [10, 0], [10, 10]],
  "no area": [[0, 0], [10, 0], [20, 0]],
  "a corner on another side": [[0, 0], [10, 0], [10, 10], [5, 0], [0, 10]],
  "two corners in one place": [[0, 0], [5, 5], [10, 0], [10, 10], [5, 5], [0, 10]],
  "corners that are one when rounded": [[0, 0], [10, 0], [10.004, 0], [10, 10]],
};
for (const [name, outline] of Object.entries(NOT_SIMPLE)) {
  test(`an outline with ${name} is not simple`, () => assert.equal(geometry.isSimple(outline), false));
}

test("an outline with corners on a straight side is simple", () => {
  assert.equal(geometry.isSimple(ELL), true);
  assert.equal(geometry.isSimple([[0, 0], [5, 0], [10, 0], [10, 10]]), true);
});

test("a side moves parallel to itself, by what of the shift is across it", () => {
  assert.deepEqual(geometry.withMovedSide(SQUARE, 0, [7, -5]), [[10, 5], [110, 5], [110, 110], [10, 110]]);
  assert.deepEqual(geometry.withMovedSide(SQUARE, 3, [-5, 30]), [[5, 10], [110, 10], [110, 110], [5, 110]]);
});

test("the ends of a moved side slide along the slanting sides beside it", () => {
  const moved = geometry.withMovedSide([[0, 0], [100, 0], [80, 20], [20, 20]], 2, [0, 10]);
  assert.deepEqual(moved.map((corner) => corner.map(Math.round)), [[0, 0], [100, 0], [70, 30], [30, 30]]);
});

test("a moved part of a straight wall makes a step", () => {
  const wall = [[0, 0], [40, 0], [60, 0], [100, 0], [100, 100], [0, 100]];
  const moved = geometry.withMovedSide(wall, 1, [0, 10]);
  const recess = [[0, 0], [40, 0], [40, 10], [60, 10], [60, 0], [100, 0], [100, 100], [0, 100]];
  assert.deepEqual([...moved].sort(), [...recess].sort());
  assert.equal(geometry.area(moved), 9800);
  assert.equal(geometry.isSimple(moved), true);
});

test("corners are added on a side and taken away down to three", () => {
  assert.deepEqual(geometry.withNewCorner(SQUARE, 3, [0, 60]), [...SQUARE, [0, 60]]);
  assert.deepEqual(geometry.withoutCorner(SQUARE, 1), [SQUARE[0], SQUARE[2], SQUARE[3]]);
  assert.equal(geometry.withoutCorner(SQUARE.slice(0, 3), 1), null);
});

test("tidying takes away corners that say nothing", () => {
  assert.deepEqual(geometry.tidied([[10, 10], [50, 10], [110, 10], [110, 110], [110, 110], [10, 110]]), SQUARE);
});
