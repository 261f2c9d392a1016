/**
 * The rooms of a page as they are being corrected: what the service answered, and the steps since, which can be undone.
 *
 * A room is as the API answers it. One that was added has a local id, `new_1`, for as long as the page is open; the
 * service's own is in `serverId`. A step is what one gesture changed: a list of changes, at most one a room.
 */

import { boxOf, measuresOf } from "./geometry.js";

export const MAX_NAME_CHARACTERS = 200;
export const MAX_COMMENT_CHARACTERS = 2000;
export const MAX_CORNERS = 500;

const MEASURES = ["area_m2", "perimeter_m", "width_m", "length_m"];
let added = 0;
const localId = () => `new_${++added}`;

/** What the service takes in no text, and what a paste from a spreadsheet brings along; a comment may have several lines. */
const NOT_IN_LINES = /[^\P{Cc}\n]|[\p{Cs}\p{Zl}\p{Zp}]/gu;
const linesOf = (text) => text.replace(NOT_IN_LINES, " ").trim();
const lineOf = (text) => linesOf(text).replaceAll("\n", " ");

const draw = (polygon, { name_hint = null, room_type = null } = {}) => ({
  kind: "add",
  id: localId(),
  polygon,
  name_hint,
  room_type,
});
const removal = (id) => ({ kind: "remove", id });

/** What a person can do, each as the changes of one step. `polygon` is in page units. */
export const gestures = {
  reshape: (room, polygon) => [{ kind: "set", id: room.id, polygon }],
  rename: (room, name) => [{ kind: "set", id: room.id, name_hint: lineOf(name) || null }],
  retype: (room, room_type) => [{ kind: "set", id: room.id, room_type }],
  remove: (room) => [removal(room.id)],
  add: (polygon) => [draw(polygon)],
  /** The first part keeps name and type. */
  split: (room, [first, second]) => [removal(room.id), draw(first, room), draw(second)],
  /** The first room's name and type go before the second's. */
  join: (one, other, polygon) => [
    removal(one.id),
    removal(other.id),
    draw(polygon, { name_hint: one.name_hint ?? other.name_hint, room_type: one.room_type ?? other.room_type }),
  ],
  confirm: (room) => [{ kind: "say", id: room.id, verdict: "correct" }],
  complain: (room, comment) => [{ kind: "say", id: room.id, verdict: "wrong", comment: linesOf(comment) }],
};

/** The rooms of one page, the steps that were taken, and those that were undone. */
export class Corrections {
  #base;
  #steps = [];
  #done = 0;
  #answered = new Map();
  #serverIds = new Map();
  #shown = null;
  #metresPerUnit = null;

  /** `rooms` as `GET …/preview?corrected=true` answers them. */
  constructor(rooms) {
    this.rebase(rooms);
  }

  /** The rooms without any step. */
  rebase(rooms) {
    this.#base = rooms;
    this.refresh(rooms);
  }

  /** The rooms as they are, with no step that could be undone. */
  beginAnew(rooms) {
    this.#steps = [];
    this.#done = 0;
    this.rebase(rooms);
  }

  /** Whether the service answers others than the steps make. */
  differsFrom(answered) {
    const rooms = new Map(answered.map((room) => [room.id, room]));
    return rooms.size !== this.rooms.length || this.rooms.some((room) => saysOther(rooms.get(this.serverId(room.id)), room));
  }

  /** The scale of the page, by which a room is measured until the service has answered. */
  measureBy(scale) {
    this.#metresPerUnit = scale?.metres_per_unit ?? null;
    this.#shown = null;
  }

  /** Measures of an outline in page units; null each where the page has no scale. */
  measuresOf(polygon) {
    if (!this.#metresPerUnit) return Object.fromEntries(MEASURES.map((measure) => [measure, null]));
    const [wide, high] = this.#metresPerUnit;
    return measuresOf(polygon.map(([x, y]) => [x * wide, y * high]));
  }

  /** The rooms with every step, as the service answers them: measures, and types that follow names. */
  refresh(rooms) {
    this.#answered = new Map(rooms.map((room) => [room.id, room]));
    this.#shown = null;
  }

  get canUndo() {
    return this.#done > 0;
  }

  get canRedo() {
    return this.#done < this.#steps.length;
  }

  /** The rooms as they are now, in the order of the service, those that were added last. */
  get rooms() {
    this.#shown ??= this.#replayed();
    return this.#shown;
  }

  #replayed() {
    const rooms = new Map(this.#base.map((room) => [room.id, room]));
    for (const step of this.#steps.slice(0, this.#done)) step.changes.forEach((change) => applyTo(rooms, change));
    return [...rooms.values()].map((room) => this.#withAnswered(room));
  }

  /** How many steps are taken. */
  #moveTo(done) {
    this.#done = done;
    this.#shown = null;
  }

  /** The comments that were made on a room here. */
  commentsOn(id) {
    const done = this.#steps.slice(0, this.#done).flatMap((step) => step.changes);
    return done.filter((change) => change.id === id && change.comment).map((change) => change.comment);
  }

  room(id) {
    return this.rooms.find((room) => room.id === id) ?? null;
  }

  /** The step that was taken; null where it changes nothing. What was undone cannot be redone any more. */
  take(changes) {
    const now = new Map(this.rooms.map((room) => [room.id, room]));
    const left = changes.map((change) => differing(change, now.get(change.id))).filter(Boolean);
    if (!left.length) return null;
    const step = { changes: left, entries: null };
    this.#steps.splice(this.#done, Infinity, step);
    this.#moveTo(this.#done + 1);
    return step;
  }

  /** The step that is undone, or null. */
  undo() {
    if (!this.canUndo) return null;
    this.#moveTo(this.#done - 1);
    return this.#steps[this.#done];
  }

  /** The step that is taken again, or null. */
  redo() {
    if (!this.canRedo) return null;
    this.#moveTo(this.#done + 1);
    return this.#steps[this.#done - 1];
  }

  /** Put a step that was taken back elsewhere where redo finds it. */
  undoneBefore(step) {
    this.#steps.splice(this.#done, 0, step);
  }

  /** Forget a step that the service refused, and those that speak of a room that it added; they are returned. */
  forget(step) {
    const gone = new Set(step.changes.filter((change) => change.kind === "add").map((change) => change.id));
    const lost = this.#steps.filter((each) => each === step || each.changes.some((change) => gone.has(change.id)));
    this.#moveTo(this.#done - this.#steps.slice(0, this.#done).filter((each) => lost.includes(each)).length);
    this.#steps = this.#steps.filter((each) => !lost.includes(each));
    return lost;
  }

  serverId(id) {
    return this.#serverIds.get(id) ?? id;
  }

  /** The entries that a step was stored as, in the order of its changes; null once they were taken back. */
  stored(step, entries) {
    this.#shown = null;
    step.entries = entries?.map((entry) => entry.feedback_id) ?? null;
    entries?.forEach((entry, i) => {
      if (step.changes[i].kind === "add") this.#serverIds.set(step.changes[i].id, entry.room_id);
    });
  }

  #withAnswered(room) {
    const answered = this.#answered.get(this.serverId(room.id));
    const measured = answered && same(answered.polygon, room.polygon) ? answered : null;
    const shown = { ...room };
    const measures = measured ?? this.measuresOf(room.polygon);
    for (const measure of MEASURES) shown[measure] = measures[measure];
    if (measured) shown.bounding_box = measured.bounding_box;
    if (shown.room_type === undefined) {
      shown.room_type = answered && same(answered.name_hint, room.name_hint) ? answered.room_type : null;
    }
    return shown;
  }
}

/** `room_type` of a room is undefined while it follows a name of which the service has not answered the type. */
function applyTo(rooms, change) {
  const room = rooms.get(change.id);
  if (change.kind === "add") rooms.set(change.id, newRoom(change));
  else if (!room) return;
  else if (change.kind === "remove") rooms.delete(change.id);
  else if (change.kind === "say") rooms.set(change.id, { ...room, confirmed: change.verdict === "correct" });
  else rooms.set(change.id, changed(room, change));
}

function changed(room, { polygon, name_hint, room_type }) {
  const next = { ...room, corrected: true, confirmed: false, confidence: 1 };
  if (polygon) Object.assign(next, { polygon, bounding_box: boxOf(polygon) });
  if (name_hint !== undefined) {
    Object.assign(next, { name_hint, room_type: next.type_given ? next.room_type : undefined });
  }
  if (room_type) Object.assign(next, { room_type, type_given: true });
  return next;
}

const newRoom = ({ id, polygon, name_hint, room_type }) => ({
  id,
  polygon,
  bounding_box: boxOf(polygon),
  name_hint: name_hint ?? null,
  room_number: null,
  room_type: room_type ?? (name_hint ? undefined : null),
  type_given: Boolean(room_type),
  confidence: 1,
  corrected: true,
  confirmed: false,
  printed_area_m2: null,
  printed_size_m: null,
});

function saysOther(answered, room) {
  if (!answered || Boolean(answered.confirmed) !== Boolean(room.confirmed)) return true;
  if (room.type_given && answered.room_type !== room.room_type) return true;
  return !same(answered.polygon, room.polygon) || !same(answered.name_hint, room.name_hint);
}

/** What a change says that is not so already; null where nothing is left of it. */
function differing(change, room) {
  if (change.kind === "add") return change;
  if (!room || (change.kind === "say" && change.verdict === "correct" && room.confirmed)) return null;
  if (change.kind !== "set") return change;
  const fields = ["polygon", "name_hint", "room_type"].filter(
    (field) => change[field] !== undefined && !same(change[field], room[field]),
  );
  if (!fields.length) return null;
  return Object.fromEntries([["kind", "set"], ["id", change.id], ...fields.map((field) => [field, change[field]])]);
}

const same = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
