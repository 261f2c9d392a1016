import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.window = { L: null };
const { halves, widestPlace } = await import("../../../services/jobs/src/jobs/viewer/plan_labels.js");

test("the label of a rectangle stands in its middle", () => {
  const place = widestPlace([[0, 0], [100, 0], [100, 60], [0, 60]]);
  assert.deepEqual([place.x, place.y, place.width, place.height], [50, 30, 100, 60]);
});

test("the label of an L stands inside it, in its wider leg", () => {
  const place = widestPlace([[0, 0], [100, 0], [100, 30], [20, 30], [20, 100], [0, 100]]);
  assert.ok(place.y < 30 && place.x > 20, JSON.stringify(place));
  assert.equal(place.width, 100);
});

test("a name of several words is broken where its lines are about as long", () => {
  assert.deepEqual(halves("KITCHEN / DINING"), ["KITCHEN /", "DINING"]);
  assert.deepEqual(halves("MASTER BEDROOM"), ["MASTER", "BEDROOM"]);
  assert.equal(halves("HALL"), null);
});
