import assert from "node:assert/strict";
import { test } from "node:test";

import { guidesOf, snapped, snappedShift } from "../../../services/jobs/src/jobs/viewer/editor/snapping.js";

const near = { corners: [[100, 100]], sides: [[[0, 50], [200, 50]]] };

test("a corner goes to a corner that is near before it goes to a side", () => {
  assert.deepEqual(snapped([97, 98], near, 8), [100, 100]);
  assert.deepEqual(snapped([40, 54], near, 8), [40, 50]);
});

test("a corner far from everything stays where it is", () => {
  assert.deepEqual(snapped([40, 70], near, 8), [40, 70]);
  assert.deepEqual(snapped([40, 70], {}, 8), [40, 70]);
});

test("a corner goes level and plumb with both its neighbours", () => {
  const square = [[0, 0], [100, 0], [100, 100], [0, 100]];
  assert.deepEqual(snapped([104, 97], { guides: guidesOf(square, 2) }, 8), [100, 100]);
  assert.deepEqual(snapped([104, 160], { guides: guidesOf(square, 2) }, 8), [100, 160]);
});

test("a corner of a turned room keeps to the line of its sides", () => {
  const turned = [[0, 0], [80, 60], [20, 140], [-60, 80]];
  const [x, y] = snapped([91, 66], { guides: guidesOf(turned, 1) }, 3);
  assert.ok(Math.abs(60 * x - 80 * y) < 1e-6, `${x}, ${y} is on the line from the corner before`);
});

test("a side comes in line with a corner that is near its line", () => {
  const side = [[0, 0], [100, 0]];
  assert.deepEqual(snappedShift(side, [3, 17], [[500, 20], [500, 90]], 5), [-0, 20]);
  assert.deepEqual(snappedShift(side, [3, 17], [[500, 90]], 5), [-0, 17]);
  assert.deepEqual(snappedShift(side, [3, 17], [], 5), [-0, 17]);
});
