import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.window = { L: null };
const { bestPlace, formsOf, halves, placesIn } = await import("../../../services/jobs/src/jobs/viewer/plan_labels.js");

const RECTANGLE = [[0, 0], [100, 0], [100, 60], [0, 60]];
const BOX = { width: 30, height: 12 };
const BLANK = () => 0;
const KITCHEN = { title: "KITCHEN", name_hint: "KITCHEN", room_number: null, number: "3", area_m2: 12, corrected: false };
const said = (forms) => forms.map(({ lines, area }) => [...lines, area].filter(Boolean).join(" "));

test("the label of a blank rectangle stands in its middle", () => {
  const { x, y } = bestPlace(placesIn(RECTANGLE), BOX, BLANK);
  assert.deepEqual([x, y], [50, 30]);
});

test("the label of an L stands inside it", () => {
  const place = bestPlace(placesIn([[0, 0], [100, 0], [100, 30], [20, 30], [20, 100], [0, 100]]), BOX, BLANK);
  assert.ok(place.y < 30, JSON.stringify(place));
});

test("a label stands beside what is printed in the middle of its room", () => {
  const print = { left: 30, right: 70, bottom: 24, top: 36 };
  const ink = ([left, bottom], [right, top]) => (left < print.right && right > print.left && bottom < print.top && top > print.bottom ? 0.2 : 0);
  const { x, y } = bestPlace(placesIn(RECTANGLE), BOX, ink);
  assert.equal(ink([x - 15, y - 6], [x + 15, y + 6]), 0);
});

test("a label that fits nowhere has no place", () => {
  assert.equal(bestPlace(placesIn(RECTANGLE), { width: 101, height: 5 }, BLANK), null);
});

test("a name that the plan prints is not said again, until the room is selected", () => {
  const printed = formsOf(KITCHEN);
  assert.deepEqual(said(printed.usual), ["12.0 m²", "12.0 m²", "3"]);
  assert.deepEqual(said(printed.selected), ["KITCHEN 12.0 m²"]);
  assert.deepEqual(said(formsOf({ ...KITCHEN, corrected: true }).usual), ["KITCHEN 12.0 m²", "KITCHEN 12.0 m²", "KITCHEN", "KITCHEN", "3"]);
});

test("without a scale, a room whose name is printed has its number in the list alone", () => {
  assert.deepEqual(said(formsOf({ ...KITCHEN, area_m2: null }).usual), ["3"]);
  const numbered = { ...KITCHEN, title: "204", name_hint: null, room_number: "204", number: "204", area_m2: null };
  assert.deepEqual(said(formsOf(numbered).usual), []);
});

test("a name of several words is broken where its lines are about as long", () => {
  assert.deepEqual(halves("KITCHEN / DINING"), ["KITCHEN /", "DINING"]);
  assert.deepEqual(halves("MASTER BEDROOM"), ["MASTER", "BEDROOM"]);
  assert.equal(halves("HALL"), null);
});
