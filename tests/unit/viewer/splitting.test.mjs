import assert from "node:assert/strict";
import { test } from "node:test";

import { area, isSimple } from "../../../services/jobs/src/jobs/viewer/editor/geometry.js";
import { joinedOutline, splitOutline } from "../../../services/jobs/src/jobs/viewer/editor/splitting.js";

const SQUARE = [[0, 0], [100, 0], [100, 100], [0, 100]];
const ELL = [[0, 0], [100, 0], [100, 50], [50, 50], [50, 100], [0, 100]];
const CUP = [[0, 0], [30, 0], [30, 70], [70, 70], [70, 0], [100, 0], [100, 100], [0, 100]];
const sorted = (outline) => [...outline].sort((a, b) => a[0] - b[0] || a[1] - b[1]);

function areas(outline, line) {
  const parts = splitOutline(outline, line);
  parts.forEach((part) => assert.ok(isSimple(part), JSON.stringify(part)));
  assert.ok(Math.abs(area(parts[0]) + area(parts[1]) - area(outline)) < 1e-6);
  return parts.map((part) => Math.round(area(part)));
}

test("a line across a room makes two of it, the larger first", () => {
  assert.deepEqual(areas(SQUARE, [[30, -5], [30, 105]]), [7000, 3000]);
  assert.deepEqual(sorted(splitOutline(SQUARE, [[30, -5], [30, 105]])[1]), [[0, 0], [0, 100], [30, 0], [30, 100]]);
});

test("a line need not reach the sides", () => {
  assert.deepEqual(areas(SQUARE, [[40, 40], [40, 60]]), [6000, 4000]);
  assert.deepEqual(areas([...SQUARE].reverse(), [[60, 40], [40, 40]]), [6000, 4000]);
});

test("a line from corner to corner leaves triangles", () => {
  const parts = splitOutline(SQUARE, [[0, 0], [100, 100]]);
  assert.deepEqual(parts.map((part) => part.length), [3, 3]);
});

test("a bent line splits along its bend", () => {
  assert.deepEqual(areas(SQUARE, [[-10, 50], [50, 50], [50, 110]]), [7500, 2500]);
});

test("a niche is cut off by a line that begins and ends on the same side", () => {
  assert.deepEqual(areas(SQUARE, [[20, -5], [20, 30], [60, 30], [60, -5]]), [8800, 1200]);
  assert.deepEqual(areas(SQUARE, [[60, -5], [60, 30], [20, 30], [20, -5]]), [8800, 1200]);
});

test("of a room that the line crosses twice, what is drawn across is split", () => {
  assert.deepEqual(areas(CUP, [[-5, 30], [35, 30]]), [6300, 900]);
  assert.deepEqual(areas(CUP, [[65, 40], [105, 40]]), [6000, 1200]);
  assert.deepEqual(areas(ELL, [[25, 60], [25, 90]]), [5000, 2500]);
});

test("a line beside the room splits nothing", () => {
  assert.equal(splitOutline(SQUARE, [[130, 0], [130, 100]]), null);
  assert.equal(splitOutline(SQUARE, [[0, 0], [100, 0]]), null);
});

test("two rooms are joined with the wall between them", () => {
  const right = [[110, 0], [200, 0], [200, 100], [110, 100]];
  const joined = joinedOutline(SQUARE, right, 20);
  assert.deepEqual(sorted(joined), [[0, 0], [0, 100], [200, 0], [200, 100]]);
  assert.deepEqual(sorted(joinedOutline(right, [...SQUARE].reverse(), 20)), sorted(joined));
});

test("rooms that face each other in part are joined there", () => {
  const joined = joinedOutline(SQUARE, [[110, 60], [200, 60], [200, 160], [110, 160]], 20);
  assert.ok(isSimple(joined));
  assert.equal(area(joined), 10_000 + 9_000 + 10 * 40);
});

test("rooms far apart or around a corner are not joined", () => {
  assert.equal(joinedOutline(SQUARE, [[150, 0], [200, 0], [200, 100], [150, 100]], 20), null);
  assert.equal(joinedOutline(SQUARE, [[110, 110], [200, 110], [200, 200], [110, 200]], 20), null);
});
