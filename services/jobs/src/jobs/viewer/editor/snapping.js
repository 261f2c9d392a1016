/** Where a corner or a side goes that is dragged near something: all in pixels of the page. */

import { cross, distance, dot, length, meet, minus, nearestOn, plus, times } from "./geometry.js";

const ACROSS = [
  [1, 0],
  [0, 1],
];
/** Sine of the angle from which two lines are taken to meet in a point: 6 degrees. */
const CROSSING = 0.1;

/** Lines, each a point and a unit direction, on which corner `i` keeps its sides straight or level. */
export function guidesOf(outline, i) {
  const corner = outline[i];
  const count = outline.length;
  const beside = [outline[(i - 1 + count) % count], outline[(i + 1) % count]];
  return beside.flatMap((other) => directions(minus(corner, other)).map((along) => ({ through: other, along })));
}

const directions = (side) => (length(side) ? [...ACROSS, times(side, 1 / length(side))] : ACROSS);

/**
 * `point`, moved to what is at most `tolerance` away: a corner, else where guides or sides cross, else one of them.
 * `near` has `corners`, `sides` (pairs of points) and `guides`.
 */
export function snapped(point, { corners = [], sides = [], guides = [] }, tolerance) {
  const onGuides = guides.map((guide) => project(point, guide));
  const onSides = sides.map((side) => nearestOn(side, point));
  const closeGuides = guides.filter((_, i) => distance(onGuides[i], point) <= tolerance);
  const choices = [corners, crossings(closeGuides), onGuides, onSides];
  for (const candidates of choices) {
    const nearest = nearestTo(point, candidates);
    if (nearest && distance(nearest, point) <= tolerance) return nearest;
  }
  return point;
}

const project = (point, { through, along }) => plus(through, times(along, dot(minus(point, through), along)));

function crossings(guides) {
  const pairs = guides.flatMap((one, i) => guides.slice(i + 1).map((other) => [one, other]));
  return pairs
    .filter(([one, other]) => Math.abs(cross(one.along, other.along)) > CROSSING)
    .map(([one, other]) => meet(one.through, one.along, other.through, other.along));
}

const nearestTo = (point, candidates) =>
  candidates.reduce(
    (best, each) => (best && distance(best, point) <= distance(each, point) ? best : each),
    null,
  );

/** `shift` of a side, so that the side comes to lie in line with a corner that is at most `tolerance` from its line. */
export function snappedShift([a, b], shift, corners, tolerance) {
  const along = times(minus(b, a), 1 / (distance(a, b) || 1));
  const normal = [-along[1], along[0]];
  const wanted = dot(shift, normal);
  const levels = corners.map((corner) => dot(minus(corner, a), normal));
  const nearest = levels.reduce(
    (best, level) => (Math.abs(level - wanted) < Math.abs(best - wanted) ? level : best),
    Infinity,
  );
  return times(normal, Math.abs(nearest - wanted) <= tolerance ? nearest : wanted);
}
