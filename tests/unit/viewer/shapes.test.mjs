import assert from "node:assert/strict";
import { test } from "node:test";

import { jointOf, outlineOf, partsOf } from "../../../services/jobs/src/jobs/viewer/editor/shapes.js";

/** A unit along x is two pixels, along y one. */
const PAGE = { width_px: 2000, height_px: 1000 };
const ROOM = { polygon: [[100, 100], [200, 100], [200, 300], [100, 300]] };

test("what is drawn in pixels is an outline in page coordinates, unless it crosses itself", () => {
  assert.deepEqual(outlineOf([[200, 100], [400, 100], [400, 300.004]], PAGE), [[100, 100], [200, 100], [200, 300]]);
  assert.equal(outlineOf([[0, 0], [10, 10], [10, 0], [0, 10]], PAGE), null);
});

test("a room is split where the line is drawn, whatever the shape of the page", () => {
  const [larger, smaller] = partsOf(ROOM, [[250, 90], [250, 310]], PAGE);
  assert.deepEqual([...smaller].sort(), [[100, 100], [100, 300], [125, 100], [125, 300]]);
  assert.deepEqual([...larger].sort(), [[125, 100], [125, 300], [200, 100], [200, 300]]);
  assert.equal(partsOf(ROOM, [[150, 90], [150, 310]], PAGE), null);
});

test("rooms are joined over a wall, and not over a room", () => {
  const beyond = (gap) => ({ polygon: ROOM.polygon.map(([x, y]) => [x + 100 + gap, y]) });
  assert.deepEqual([...jointOf(ROOM, beyond(20), PAGE)].sort(), [[100, 100], [100, 300], [320, 100], [320, 300]]);
  assert.equal(jointOf(ROOM, beyond(40), PAGE), null);
});
