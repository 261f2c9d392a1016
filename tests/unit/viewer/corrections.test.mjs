import assert from "node:assert/strict";
import { test } from "node:test";

import { Corrections, gestures } from "../../../services/jobs/src/jobs/viewer/editor/corrections.js";
import { fromFeedback, toFeedback } from "../../../services/jobs/src/jobs/viewer/editor/feedback.js";

const SQUARE = [[50, 50], [200, 50], [200, 300], [50, 300]];
const LARGER = [[50, 50], [250, 50], [250, 300], [50, 300]];
const KITCHEN = {
  id: "room_001", polygon: SQUARE, bounding_box: [50, 50, 200, 300], name_hint: "KITCHEN", room_number: null,
  room_type: "kitchen", confidence: 0.7, area_m2: 12, perimeter_m: 14, width_m: 3, length_m: 4,
  printed_area_m2: null, printed_size_m: null,
};
const HALL = { ...KITCHEN, id: "room_002", name_hint: null, room_type: null, polygon: LARGER };

const started = () => new Corrections([KITCHEN, HALL]);
const said = (corrections, step) => toFeedback(step.changes, 2, (id) => corrections.serverId(id));

const ABOUT_KITCHEN = { room_id: "room_001" };
const partial = (correction) => ({ feedback: "partial", ...ABOUT_KITCHEN, correction });
const removed = (room_id) => ({ feedback: "wrong", room_id, correction: { removed: true } });
const missing = (correction) => ({ feedback: "missing", correction });
const NAMED = { name: "KITCHEN", room_type: "kitchen" };

const SAID = [
  ["reshape", (room) => gestures.reshape(room, LARGER), [partial({ polygon: LARGER })]],
  ["rename", (room) => gestures.rename(room, " Pantry "), [partial({ name: "Pantry" })]],
  ["rename with what a spreadsheet brings", (room) => gestures.rename(room, "Bath\t2\u2028"), [partial({ name: "Bath 2" })]],
  ["take its name", (room) => gestures.rename(room, " "), [partial({ name: null })]],
  ["retype", (room) => gestures.retype(room, "storage"), [partial({ room_type: "storage" })]],
  ["remove", (room) => gestures.remove(room), [removed("room_001")]],
  ["confirm", (room) => gestures.confirm(room), [{ feedback: "correct", ...ABOUT_KITCHEN }]],
  [
    "complain",
    (room) => gestures.complain(room, " two rooms "),
    [{ feedback: "wrong", ...ABOUT_KITCHEN, comment: "two rooms" }],
  ],
  [
    "complain in several lines",
    (room) => gestures.complain(room, "two\trooms\nby a wall\u2029here\ud800"),
    [{ feedback: "wrong", ...ABOUT_KITCHEN, comment: "two rooms\nby a wall here" }],
  ],
  ["add", () => gestures.add(SQUARE), [missing({ polygon: SQUARE })]],
  [
    "split",
    (room) => gestures.split(room, [SQUARE, LARGER]),
    [removed("room_001"), missing({ polygon: SQUARE, ...NAMED }), missing({ polygon: LARGER })],
  ],
  [
    "join",
    (room) => gestures.join(HALL, room, LARGER),
    [removed("room_002"), removed("room_001"), missing({ polygon: LARGER, ...NAMED })],
  ],
];
for (const [name, gesture, items] of SAID) {
  test(`to ${name} is said in ${items.length} items`, () => {
    const corrections = started();
    const step = corrections.take(gesture(KITCHEN));
    assert.deepEqual(said(corrections, step), items.map((item) => ({ page: 2, ...item })));
  });
}

test("a gesture that changes nothing is no step", () => {
  const corrections = started();
  assert.equal(corrections.take(gestures.reshape(KITCHEN, structuredClone(SQUARE))), null);
  assert.equal(corrections.take(gestures.rename(KITCHEN, "KITCHEN")), null);
  assert.equal(corrections.take(gestures.rename(HALL, "  ")), null);
  assert.equal(corrections.canUndo, false);
});

test("the last word on outline, name and type wins, and undo and redo go through them", () => {
  const corrections = started();
  const seen = [];
  const see = () => seen.push(corrections.room("room_001"));
  see();
  corrections.take(gestures.reshape(KITCHEN, LARGER));
  see();
  corrections.take(gestures.retype(KITCHEN, "office"));
  see();
  corrections.take(gestures.rename(KITCHEN, "Study"));
  see();
  assert.deepEqual(
    seen.map((room) => [room.polygon, room.name_hint, room.room_type, room.area_m2, room.corrected ?? false]),
    [
      [SQUARE, "KITCHEN", "kitchen", 12, false],
      [LARGER, "KITCHEN", "kitchen", null, true],
      [LARGER, "KITCHEN", "office", null, true],
      [LARGER, "Study", "office", null, true],
    ],
  );
  for (const before of seen.slice(0, 3).reverse()) {
    corrections.undo();
    assert.deepEqual(corrections.room("room_001"), before);
  }
  assert.equal(corrections.undo(), null);
  for (const after of seen.slice(1)) {
    corrections.redo();
    assert.deepEqual(corrections.room("room_001"), after);
  }
  assert.equal(corrections.redo(), null);
});

test("what was undone is gone once something else is done", () => {
  const corrections = started();
  corrections.take(gestures.remove(KITCHEN));
  corrections.undo();
  corrections.take(gestures.remove(HALL));
  assert.equal(corrections.canRedo, false);
  assert.deepEqual(corrections.rooms.map((room) => room.id), ["room_001"]);
});

test("a room is confirmed until it is changed again", () => {
  const corrections = started();
  corrections.take(gestures.confirm(KITCHEN));
  assert.equal(corrections.room("room_001").confirmed, true);
  assert.equal(corrections.take(gestures.confirm(KITCHEN)), null);
  corrections.take(gestures.reshape(KITCHEN, LARGER));
  assert.equal(corrections.room("room_001").confirmed, false);
});

test("an added room is spoken of by the service's id, also after it was taken back and added again", () => {
  const corrections = started();
  const add = corrections.take(gestures.add(SQUARE));
  const id = add.changes[0].id;
  corrections.stored(add, [{ feedback_id: "fb_1", room_id: "room_a1" }]);
  const rename = corrections.take(gestures.rename(corrections.room(id), "Shed"));
  assert.equal(said(corrections, rename)[0].room_id, "room_a1");
  corrections.undo();
  corrections.undo();
  corrections.stored(add, null);
  corrections.redo();
  corrections.stored(add, [{ feedback_id: "fb_2", room_id: "room_a2" }]);
  assert.equal(said(corrections, corrections.redo())[0].room_id, "room_a2");
});

test("measures and the type that follows a name are the service's, for the outline and the name that it saw", () => {
  const corrections = started();
  corrections.take(gestures.reshape(KITCHEN, LARGER));
  corrections.take(gestures.rename(HALL, "Flur"));
  assert.equal(corrections.room("room_002").room_type, null);
  corrections.refresh([
    { ...KITCHEN, polygon: LARGER, area_m2: 16 },
    { ...HALL, name_hint: "Flur", room_type: "hall" },
  ]);
  assert.equal(corrections.room("room_001").area_m2, 16);
  assert.equal(corrections.room("room_002").room_type, "hall");
  corrections.take(gestures.reshape(KITCHEN, SQUARE));
  assert.equal(corrections.room("room_001").area_m2, null);
});

test("a step that is refused goes, with what was done to the rooms that it added, and the rest stays", () => {
  const corrections = started();
  const split = corrections.take(gestures.split(KITCHEN, [SQUARE, LARGER]));
  const part = corrections.room(split.changes[1].id);
  const renamed = corrections.take(gestures.rename(part, "Pantry"));
  corrections.take(gestures.rename(HALL, "Hall"));
  assert.deepEqual(corrections.forget(split), [split, renamed]);
  assert.deepEqual(corrections.rooms.map((room) => room.name_hint), ["KITCHEN", "Hall"]);
  corrections.undo();
  assert.equal(corrections.canUndo, false);
});

test("what was said before can be taken back and said again", () => {
  const entry = (feedback, room_id, correction, comment = null) => ({ feedback, room_id, correction, comment });
  const entries = [
    entry("wrong", "room_001", { removed: true }),
    entry("missing", "room_a2", { bounding_box: [1, 2, 3, 4], name: "Bath" }),
    entry("partial", "room_002", { name: null, room_type: "other" }),
    entry("wrong", "room_002", null, "too small"),
  ];
  const corrections = started();
  corrections.undoneBefore({ changes: fromFeedback(entries), entries: null });
  const redone = corrections.redo();
  const names = corrections.rooms.map((room) => [room.id, room.name_hint]);
  assert.deepEqual(names, [["room_002", null], ["room_a2", "Bath"]]);
  assert.deepEqual(said(corrections, redone), [
    { page: 2, feedback: "wrong", room_id: "room_001", correction: { removed: true } },
    { page: 2, feedback: "missing", correction: { polygon: [[1, 2], [3, 2], [3, 4], [1, 4]], name: "Bath" } },
    { page: 2, feedback: "partial", room_id: "room_002", correction: { name: null, room_type: "other" } },
    { page: 2, feedback: "wrong", room_id: "room_002", comment: "too small" },
  ]);
});

test("a comment that came with a correction, and the verdict, are said again with it", () => {
  const entries = [
    { feedback: "wrong", room_id: "room_001", correction: { name: "Bath" }, comment: "see sheet 2" },
    { feedback: "missing", room_id: "room_a2", correction: { polygon: SQUARE }, comment: "behind the stairs" },
    { feedback: "partial", room_id: "room_002", correction: { removed: true }, comment: "a void" },
  ];
  const corrections = started();
  corrections.undoneBefore({ changes: fromFeedback(entries), entries: null });
  const [renamed, added, gone] = said(corrections, corrections.redo());
  assert.deepEqual([renamed, gone], [{ page: 2, ...entries[0] }, { page: 2, ...entries[2] }]);
  assert.deepEqual(added, { page: 2, ...missing({ polygon: SQUARE }), comment: "behind the stairs" });
  assert.deepEqual(corrections.commentsOn("room_001"), ["see sheet 2"]);
});

test("what the service answers is told from what the steps make, and begins anew", () => {
  const corrections = started();
  corrections.take(gestures.rename(KITCHEN, "Pantry"));
  const answered = [{ ...KITCHEN, name_hint: "Pantry", room_type: "storage", corrected: true }, HALL];
  assert.equal(corrections.differsFrom(answered), false);
  for (const other of [
    [answered[0]],
    [...answered, { ...HALL, id: "room_a1" }],
    [answered[0], { ...HALL, polygon: SQUARE }],
    [answered[0], { ...HALL, name_hint: "Lobby" }],
    [answered[0], { ...HALL, confirmed: true }],
  ]) {
    assert.equal(corrections.differsFrom(other), true);
  }
  corrections.beginAnew([HALL]);
  assert.deepEqual(corrections.rooms.map(({ id }) => id), ["room_002"]);
  assert.deepEqual([corrections.canUndo, corrections.canRedo], [false, false]);
});

test("until the service has answered, a room is measured by the scale of the page", () => {
  const corrections = started();
  corrections.measureBy({ metres_per_unit: [0.02, 0.01] });
  corrections.take(gestures.reshape(KITCHEN, LARGER));
  const { area_m2, perimeter_m, width_m, length_m } = corrections.room("room_001");
  const expected = [10, 13, 2.5, 4];
  [area_m2, perimeter_m, width_m, length_m].forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-9, `${value}`));
});
