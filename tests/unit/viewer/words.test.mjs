import assert from "node:assert/strict";
import { test } from "node:test";

import * as words from "../../../services/jobs/src/jobs/viewer/words.js";

const SCALE = { source: "dimensions", text: "20'-4\" x 18'-4\"", confidence: 0.97, conflicts: [] };

test("a room is called by its name, else its number, else its type", () => {
  assert.equal(words.roomTitle({ name_hint: "Study", room_number: "101", room_type: "office" }), "Study");
  assert.equal(words.roomTitle({ name_hint: null, room_number: "101", room_type: "office" }), "101");
  assert.equal(words.roomTitle({ name_hint: null, room_number: null, room_type: "living_room" }), "living room");
  assert.equal(words.roomTitle({ name_hint: null, room_number: null, room_type: null }), null);
});

test("areas are in square metres and square feet", () => {
  assert.equal(words.areaWords(17.04), "17.0 m²");
  assert.equal(words.areaWords(null), "");
  assert.equal(Math.round(words.squareFeet(17)), 183);
});

test("a scale says where it comes from, how sure it is and that others disagree", () => {
  assert.match(words.scaleWords(SCALE), /sizes printed in rooms.*20'-4".*97 % sure\.$/);
  assert.match(words.scaleWords({ ...SCALE, conflicts: ["dimensions"] }), / But the sizes printed in rooms say something else\.$/);
  assert.match(words.scaleWords(null), /No scale/);
});

test("an error is said in our words, else in the service's", () => {
  assert.match(words.errorWords({ code: "NETWORK" }), /cannot be reached/);
  assert.equal(words.errorWords({ code: "INVALID_REQUEST", message: "There is no page 9." }), "There is no page 9.");
  assert.notEqual(words.errorWords({}), undefined);
});

test("reasons are counted, the most frequent first", () => {
  const withheld = ["stair", "door", "door"].map((message) => ({ message }));
  assert.deepEqual(words.reasonWords(withheld), ["2 × door", "1 × stair"]);
});

test("a plan that was sent from a folder is called by its own name", () => {
  const job = { blueprint_filename: "set/level 1/plan.pdf", blueprint_format: "pdf" };
  assert.deepEqual([words.fileName(job), words.folderName(job)], ["plan.pdf", "set/level 1"]);
  const nameless = { blueprint_filename: null, blueprint_format: "png" };
  assert.deepEqual([words.fileName(nameless), words.folderName(nameless)], ["Plan without a name (png)", ""]);
});

test("characters that turn text around are no part of a name", () => {
  assert.equal(words.fileName({ blueprint_filename: "plan\u202egnp.exe", blueprint_format: "png" }), "plangnp.exe");
});

test("a name that nobody sees is none", () => {
  assert.equal(words.roomTitle({ name_hint: " \u200b", room_number: null, room_type: "hall" }), "hall");
});

test("feet are said as on plans", () => {
  assert.deepEqual([5.3848, 3.6576, 3.6575, 0.1].map(words.feetWords), ["17'-8\"", "12'-0\"", "12'-0\"", "0'-4\""]);
});
