import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.window = { L: null };
const { inkOfPixels } = await import("../../../services/jobs/src/jobs/viewer/plan_sheet.js");

/** A page that is white but for its right part, from the column `from` on. */
function blackFrom(from, width, height) {
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let y = 0; y < height; y += 1) for (let x = from; x < width; x += 1) data.fill(0, 4 * (y * width + x), 4 * (y * width + x) + 3);
  return { data, width, height };
}

test("the ink of a part is its mean darkness", () => {
  const ink = inkOfPixels(blackFrom(4, 8, 4));
  assert.deepEqual([ink([0, 0], [0.5, 1]), ink([0.5, 0], [1, 1]), ink([0.25, 0.5], [0.75, 1])], [0, 1, 0.5]);
});

test("on a page of light print on dark, the light has the ink", () => {
  const ink = inkOfPixels(blackFrom(1, 8, 4));
  assert.deepEqual([ink([0, 0], [0.125, 1]), ink([0.5, 0], [1, 1])], [1, 0]);
});

test("what lies beyond the page, or is smaller than a pixel, has no ink", () => {
  const ink = inkOfPixels(blackFrom(4, 8, 4));
  assert.deepEqual([ink([1.1, 0], [1.5, 1]), ink([0.6, 0.5], [0.6, 0.5])], [0, 0]);
});
