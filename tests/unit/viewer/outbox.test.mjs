import assert from "node:assert/strict";
import { test } from "node:test";

import { Corrections, gestures } from "../../../services/jobs/src/jobs/viewer/editor/corrections.js";
import { Outbox } from "../../../services/jobs/src/jobs/viewer/editor/outbox.js";

const SQUARE = [[50, 50], [200, 50], [200, 300], [50, 300]];
const ROOM = { id: "room_001", polygon: SQUARE, name_hint: null, room_type: null };

const failure = (status, code = "", more = {}) => Object.assign(new Error(code), { status, code, ...more });

/** Keeps entries as the service does; `failures` are thrown by the next requests, `late` after the work is done. */
class Service {
  entries = [];
  asked = [];
  failures = [];
  late = [];
  #next = 100;

  async give(items) {
    this.#ask("give");
    const stored = items.map((item) => ({ correction: null, comment: null, ...item, ...this.#ids(item) }));
    this.entries.push(...stored);
    if (this.late.length) throw this.late.shift();
    return stored;
  }

  async takeBack(id) {
    this.#ask("takeBack");
    if (!this.entries.some((entry) => entry.feedback_id === id)) throw failure(404, "FEEDBACK_NOT_FOUND");
    this.entries = this.entries.filter((entry) => entry.feedback_id !== id);
    if (this.late.length) throw this.late.shift();
  }

  async list() {
    this.#ask("list");
    return this.entries;
  }

  #ids(item) {
    const number = this.#next++;
    return { feedback_id: `fb_${number}`, room_id: item.feedback === "missing" ? `room_a${number}` : item.room_id };
  }

  #ask(what) {
    this.asked.push(what);
    const failure = this.failures.shift();
    if (failure) throw failure;
  }
}

function opened({ known = [] } = {}) {
  const service = new Service();
  const corrections = new Corrections([ROOM]);
  const told = [];
  const slept = [];
  const outbox = new Outbox({
    corrections,
    page: 1,
    feedback: service,
    known,
    report: (state, error, lost) => told.push([state, error?.code, lost?.length].filter((each) => each !== undefined)),
    sleep: async (seconds) => slept.push(seconds),
  });
  return { service, corrections, outbox, told, slept };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const does = ({ corrections, outbox }, changes) => {
  const step = corrections.take(changes);
  outbox.store(step);
  return step;
};

test("steps are stored in order, each with what the service called its rooms", async () => {
  const world = opened();
  const step = does(world, gestures.add(SQUARE));
  does(world, gestures.rename({ id: step.changes[0].id }, "Shed"));
  assert.equal(world.outbox.unsaved, 2);
  await settled();
  assert.equal(world.outbox.unsaved, 0);
  assert.deepEqual(world.service.entries.map((entry) => entry.room_id), ["room_a100", "room_a100"]);
  assert.deepEqual(world.told.at(-1), ["saved"]);
});

test("a stored step that is undone is taken back, and stored anew when it is redone", async () => {
  const world = opened();
  const step = does(world, gestures.split(ROOM, [SQUARE, SQUARE]));
  await settled();
  world.outbox.takeBack(world.corrections.undo());
  await settled();
  assert.deepEqual(world.service.entries, []);
  world.outbox.store(world.corrections.redo());
  await settled();
  assert.deepEqual(step.entries, world.service.entries.map((entry) => entry.feedback_id));
  assert.equal(world.service.entries.length, 3);
});

test("a step that is undone before it was sent is never sent", async () => {
  const world = opened();
  does(world, gestures.rename(ROOM, "A"));
  does(world, gestures.rename(ROOM, "B"));
  world.outbox.takeBack(world.corrections.undo());
  await settled();
  assert.deepEqual(world.service.entries.map((entry) => entry.correction.name), ["A"]);
  assert.deepEqual(world.service.asked, ["give"]);
});

test("a step that is undone while it is sent is taken back after", async () => {
  const world = opened();
  does(world, gestures.rename(ROOM, "A"));
  world.outbox.takeBack(world.corrections.undo());
  await settled();
  assert.deepEqual(world.service.asked, ["give", "takeBack"]);
  assert.deepEqual(world.service.entries, []);
});

test("while the service is away nothing is lost, and it is asked less and less often", async () => {
  const world = opened();
  world.service.failures = Array.from({ length: 7 }, () => failure(0, "NO_ANSWER"));
  does(world, gestures.rename(ROOM, "A"));
  does(world, gestures.rename(ROOM, "B"));
  await settled();
  assert.deepEqual(world.slept, [1, 2, 4, 8, 16, 30, 30]);
  assert.deepEqual(world.told[1], ["waiting", "NO_ANSWER"]);
  assert.deepEqual(world.service.entries.map((entry) => entry.correction.name), ["A", "B"]);
});

test("a limit is waited for as the service asks", async () => {
  const world = opened();
  world.service.failures = [failure(429, "RATE_LIMIT_EXCEEDED", { retryAfter: 17 })];
  does(world, gestures.rename(ROOM, "A"));
  await settled();
  assert.deepEqual(world.slept, [17]);
  assert.deepEqual(world.service.asked, ["give", "give"]);
});

test("what was stored although no answer came is not stored twice", async () => {
  const world = opened();
  world.service.late = [failure(0, "NO_ANSWER")];
  const step = does(world, gestures.split(ROOM, [SQUARE, SQUARE]));
  await settled();
  assert.equal(world.service.entries.length, 3);
  assert.deepEqual(step.entries, ["fb_100", "fb_101", "fb_102"]);
  assert.equal(world.corrections.serverId(step.changes[1].id), "room_a101");
});

test("what was said alike before is no sign that it was stored now", async () => {
  const world = opened({ known: ["fb_1"] });
  const before = { feedback_id: "fb_1", feedback: "partial", room_id: "room_001", correction: { name: "A" } };
  world.service.entries = [before];
  world.service.failures = [failure(503)];
  does(world, gestures.rename(ROOM, "A"));
  await settled();
  assert.deepEqual(world.service.asked, ["give", "list", "give"]);
  assert.equal(world.service.entries.length, 2);
});

test("what was taken back although no answer came counts as taken back", async () => {
  const world = opened();
  does(world, gestures.confirm(ROOM));
  await settled();
  world.service.late = [failure(504)];
  world.outbox.takeBack(world.corrections.undo());
  await settled();
  assert.equal(world.outbox.unsaved, 0);
  assert.deepEqual(world.told.at(-1), ["saved"]);
});

test("a step that makes no sense to the service is given up, with those that need it", async () => {
  const world = opened();
  world.service.failures = [failure(400, "INVALID_FEEDBACK")];
  const step = does(world, gestures.add(SQUARE));
  does(world, gestures.rename({ id: step.changes[0].id }, "Shed"));
  does(world, gestures.rename(ROOM, "Hall"));
  await settled();
  assert.deepEqual(world.told.filter(([state]) => state === "lost"), [["lost", "INVALID_FEEDBACK", 2]]);
  assert.deepEqual(world.service.entries.map((entry) => entry.correction.name), ["Hall"]);
  assert.deepEqual(world.corrections.rooms.map((room) => room.name_hint), ["Hall"]);
});

test("a refused key stops the saving until it is tried again", async () => {
  const world = opened();
  world.service.failures = [failure(401, "UNAUTHORIZED")];
  does(world, gestures.rename(ROOM, "A"));
  await settled();
  assert.deepEqual(world.told.at(-1), ["refused", "UNAUTHORIZED"]);
  assert.equal(world.outbox.unsaved, 1);
  await world.outbox.retry();
  assert.equal(world.outbox.unsaved, 0);
  assert.deepEqual(world.told.at(-1), ["saved"]);
});

test("a split whose undoing is cut short is undone whole, and nothing is taken back that others said", async () => {
  const world = opened();
  const step = does(world, gestures.split(ROOM, [SQUARE, SQUARE]));
  await settled();
  world.service.entries.push({ feedback_id: "fb_of_another", room_id: "room_001" });
  world.service.failures = [undefined, failure(503)];
  world.corrections.undo();
  world.outbox.takeBack(step);
  await settled();
  assert.deepEqual(world.service.entries.map((entry) => entry.feedback_id), ["fb_of_another"]);
  assert.equal(world.outbox.unsaved, 0);
});

test("what others said, or took back, is told from what was said here", async () => {
  const world = opened({ known: ["fb_1"] });
  const step = does(world, gestures.rename(ROOM, "Study"));
  await settled();
  const before = { feedback_id: "fb_1" };
  const [mine] = world.service.entries;
  const other = { feedback_id: "fb_2" };
  assert.deepEqual(world.outbox.compare([before, mine]), { ours: [before, mine], isSame: true });
  assert.deepEqual(world.outbox.compare([before, mine, other]), { ours: [before, mine], isSame: false });
  assert.deepEqual(world.outbox.compare([mine]), { ours: [mine], isSame: false });
  world.corrections.undo();
  world.outbox.takeBack(step);
  await settled();
  assert.equal(world.outbox.compare([before]).isSame, true);
});
