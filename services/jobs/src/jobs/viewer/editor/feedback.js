/**
 * Steps as the service keeps them: the items of feedback that say the changes of a step, and the changes that entries of
 * feedback made.
 */

import { boxOutline } from "./geometry.js";

/** What the ids of rooms begin with that people drew: no computation gives them to another room. */
const DRAWN = "room_a";
const VERDICTS = { add: "missing", remove: "wrong", set: "partial" };

/** The fewest items that say a step; `idOf` gives the service's id of a room. */
export const toFeedback = (changes, page, idOf) => changes.map((change) => ({ page, ...itemOf(change, idOf) }));

function itemOf(change, idOf) {
  const item = { feedback: change.verdict ?? VERDICTS[change.kind] };
  if (change.kind !== "add") item.room_id = idOf(change.id);
  if (change.kind !== "say") item.correction = correctionOf(change);
  if (change.comment) item.comment = change.comment;
  return item;
}

function correctionOf({ kind, polygon, name_hint, room_type }) {
  if (kind === "remove") return { removed: true };
  const correction = {};
  if (polygon) correction.polygon = polygon;
  if (name_hint || (kind === "set" && name_hint === null)) correction.name = name_hint;
  if (room_type) correction.room_type = room_type;
  return correction;
}

/** The changes that entries of one request made, to be made again once they were taken back. */
export const fromFeedback = (entries) => entries.map(changeOf);

function changeOf({ feedback: verdict, room_id: id, correction, comment }) {
  const change = { kind: kindOf(verdict, correction), id, verdict };
  if (comment) change.comment = comment;
  if (!correction) return change;
  const { polygon, bounding_box: box, name, room_type } = correction;
  const outline = polygon ?? (box && boxOutline(box.slice(0, 2), box.slice(2)));
  if (outline) change.polygon = outline;
  if (name !== undefined) change.name_hint = name;
  if (room_type) change.room_type = room_type;
  return change;
}

function kindOf(verdict, correction) {
  if (!correction) return "say";
  if (correction.removed) return "remove";
  return verdict === "missing" ? "add" : "set";
}

/** The entries that are of the rooms of the computation of `computedAt`: an earlier one gave the same ids to other rooms. */
export const ofTheseRooms = (entries, computedAt) =>
  entries.filter(({ created_at, room_id }) => !room_id || room_id.startsWith(DRAWN) || Date.parse(created_at) >= Date.parse(computedAt));

/** The entries by request, of which undo takes back the whole. Ids of one request differ in the last two digits only. */
export function byRequest(entries) {
  const requests = new Map();
  for (const entry of entries) {
    const request = entry.feedback_id.slice(0, -2);
    requests.set(request, [...(requests.get(request) ?? []), entry]);
  }
  return [...requests.values()];
}
