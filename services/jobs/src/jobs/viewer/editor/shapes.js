/** What tools draw on a page of a certain size, as outlines of rooms in page coordinates; null where it is none. */

import { MAX_CORNERS } from "./corrections.js";
import { isSimple, toPage, toPixels } from "./geometry.js";
import { joinedOutline, splitOutline } from "./splitting.js";

/** Of the longer side of the page: the thickest wall between rooms that can be joined. */
const THICKEST_WALL = 0.03;

const pixelsOf = (room, page) => room.polygon.map((corner) => toPixels(corner, page));

/** The outline that has these pixels of the page as its corners. */
export function outlineOf(points, page) {
  const polygon = points.map((point) => toPage(point, page));
  return isSimple(polygon) && polygon.length <= MAX_CORNERS ? polygon : null;
}

/** Both parts of a room that a line of pixels is drawn across, the larger first. */
export function partsOf(room, line, page) {
  const parts = splitOutline(pixelsOf(room, page), line)?.map((part) => outlineOf(part, page));
  return parts?.every(Boolean) ? parts : null;
}

/** The outline of two rooms and the wall between them. */
export function jointOf(room, other, page) {
  const gap = THICKEST_WALL * Math.max(page.width_px, page.height_px);
  const points = joinedOutline(pixelsOf(room, page), pixelsOf(other, page), gap);
  return points && outlineOf(points, page);
}
