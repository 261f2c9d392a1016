import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

globalThis.sessionStorage = { getItem: () => "a-key" };
globalThis.document = { hidden: false, addEventListener() {}, dispatchEvent() {} };
globalThis.window = { addEventListener() {} };
const { openSession } = await import("../../../services/jobs/src/jobs/viewer/editor/session.js");

const SQUARE = [[50, 50], [200, 50], [200, 300], [50, 300]];
const ROOM = { id: "room_001", polygon: SQUARE, name_hint: null, room_type: null };
const DRAWN = { ...ROOM, id: "room_a1" };
const BEFORE = "2024-01-15T10:00:00.000Z";
const COMPUTED = "2024-01-15T10:30:00.000Z";
const AFTER = "2024-01-15T11:00:00.000Z";
const PREVIEW = { rooms: [ROOM, DRAWN], scale: null, timestamp: COMPUTED };

let entries;
let sent;
let opened = 0;

beforeEach(() => {
  sent = [];
  globalThis.fetch = async (path, { method, body }) => {
    sent.push([method, path.split("/feedback")[1] ?? path, ...(body ? [JSON.parse(body).items] : [])]);
    const stored = () => JSON.parse(body).items.map((item) => ({ ...item, feedback_id: "fb_90000" }));
    const answers = { GET: () => ({ feedback: entries, next_cursor: null }), POST: () => ({ items: stored() }), DELETE: () => ({}) };
    return new Response(JSON.stringify({ data: answers[method]() }));
  };
});

const open = () => openSession(`job_${++opened}`, 1, PREVIEW);
const settled = () => new Promise((resolve) => setTimeout(resolve));
const said = (feedback_id, created_at, room_id, more) => ({ feedback_id, created_at, room_id, feedback: "wrong", correction: null, comment: null, ...more });
const ofRequest = (number, created_at, items) => items.map(([room_id, more], i) => said(`fb_${number}0${i}`, created_at, room_id, more));

test("what was said of rooms that an earlier computation found is shown with no room that has their ids now", async () => {
  entries = [
    said("fb_100", BEFORE, "room_001", { comment: "another room" }),
    said("fb_200", BEFORE, "room_a1", { comment: "behind the stairs" }),
    said("fb_300", COMPUTED, "room_001", { comment: "too small" }),
  ];
  const session = await open();
  assert.deepEqual(session.commentsOn("room_001"), ["too small"]);
  assert.deepEqual(session.commentsOn("room_a1"), ["behind the stairs"]);
});

test("undo leaves requests alone that speak of rooms of an earlier computation, and takes back whole ones", async () => {
  const name = { correction: { name: "Bath" } };
  const removed = { correction: { removed: true } };
  const added = { feedback: "missing", correction: { polygon: SQUARE } };
  entries = [
    ...ofRequest(1, BEFORE, [["room_a1", added]]),
    ...ofRequest(2, BEFORE, [["room_001", removed], ["room_a1", added]]),
    ...ofRequest(3, BEFORE, [["room_001", name]]),
    ...ofRequest(4, AFTER, [["room_001", name], [null, { comment: "a page" }]]),
  ];
  const session = await open();
  assert.deepEqual([session.undo(), session.undo(), session.canUndo, session.undo()], [true, true, false, false]);
  await settled();
  const takenBack = sent.filter(([method]) => method === "DELETE").map(([, id]) => id);
  assert.deepEqual(takenBack, ["/fb_400", "/fb_401", "/fb_100"]);
});

test("a comment that is undone is not shown, and is shown again once", async () => {
  entries = [said("fb_300", AFTER, "room_001", { correction: { name: "Bath" }, comment: "see sheet 2" })];
  const session = await open();
  session.undo();
  await settled();
  assert.deepEqual(session.commentsOn("room_001"), []);
  session.redo();
  await settled();
  assert.deepEqual(session.commentsOn("room_001"), ["see sheet 2"]);
  assert.deepEqual(sent.at(-1)[2], [{ page: 1, feedback: "wrong", room_id: "room_001", correction: { name: "Bath" }, comment: "see sheet 2" }]);
});
