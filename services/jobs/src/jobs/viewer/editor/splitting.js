/** A room becomes two, and two become one: outlines in pixels of the page. */

import {
  area,
  boxOf,
  contains,
  cross,
  distance,
  dot,
  meet,
  middle,
  minus,
  nearestOn,
  orientedArea,
  plus,
  sidesOf,
  tidied,
  times,
} from "./geometry.js";

/** Sine of the angle up to which two sides count as facing each other: 20 degrees. */
const FACING = 0.35;
const SAME_POINT_PX = 0.5;

/**
 * The two parts of `outline` on either side of a line of two or more points that is drawn across it, the larger first;
 * null where the line does not cross it from side to side. Its ends are prolonged to the sides they point at.
 */
export function splitOutline(outline, line) {
  const path = prolonged(line, reachOf([...outline, ...line]));
  const met = crossingsOf(outline, path);
  const stretches = met.slice(1).map((leave, i) => [met[i], leave]);
  const inside = stretches.filter((ends) => runsInside(outline, path, ...ends));
  const best = inside.sort((one, other) => nearness(other, line) - nearness(one, line))[0];
  if (!best) return null;
  const parts = cutAlong(outline, path, ...best).map((part) => tidied(part));
  if (parts.some((part) => part.length < 3 || area(part) < 1)) return null;
  return parts.sort((one, other) => area(other) - area(one));
}

const reachOf = (points) => Math.max(...points.flat()) - Math.min(...points.flat()) + 1;

function prolonged(line, reach) {
  const [first, second] = line;
  const [last, beforeLast] = [line.at(-1), line.at(-2)];
  const beyond = (end, from) => plus(end, times(minus(end, from), reach / (distance(end, from) || 1)));
  return [beyond(first, second), ...line, beyond(last, beforeLast)];
}

/** Where the path crosses the outline, in the path's order: `{ point, side, step, share }`. */
function crossingsOf(outline, path) {
  const found = path.slice(1).flatMap((end, step) =>
    sidesOf(outline).flatMap((side, i) => {
      const share = crossingShare([path[step], end], side);
      return share === null ? [] : [{ side: i, step, share, point: between(path[step], end, share) }];
    }),
  );
  const ordered = found.sort((one, other) => one.step - other.step || one.share - other.share);
  return ordered.filter((each, i) => i === 0 || distance(each.point, ordered[i - 1].point) > SAME_POINT_PX);
}

const between = (a, b, share) => plus(a, times(minus(b, a), share));

/** How far along the segment it meets the side, 0 to 1; null where it does not. */
function crossingShare([a, b], [c, d]) {
  const [along, side] = [minus(b, a), minus(d, c)];
  const turn = cross(along, side);
  if (turn === 0) return null;
  const share = cross(minus(c, a), side) / turn;
  const onSide = cross(minus(c, a), along) / turn;
  return share >= 0 && share <= 1 && onSide >= 0 && onSide <= 1 ? share : null;
}

/** The path from one crossing to the next. */
const stretch = (path, enter, leave) => [enter.point, ...path.slice(enter.step + 1, leave.step + 1), leave.point];

function runsInside(outline, path, enter, leave) {
  const points = stretch(path, enter, leave);
  return points.slice(1).every((end, i) => contains(outline, middle(points[i], end)));
}

/** How near a stretch is to the middle of what was drawn: the larger, the nearer. */
function nearness([enter, leave], line) {
  const drawn = middle(line[0], line.at(-1));
  return -distance(nearestOn([enter.point, leave.point], drawn), drawn);
}

function cutAlong(outline, path, enter, leave) {
  const across = stretch(path, enter, leave);
  return [
    [...across, ...walk(outline, leave, enter)],
    [...[...across].reverse(), ...walk(outline, enter, leave)],
  ];
}

/** The corners that are passed on the outline from one crossing on to another. */
function walk(outline, from, to) {
  const count = outline.length;
  const ahead = from.side === to.side && isAhead(outline, from, to);
  const steps = ahead ? 0 : (to.side - from.side + count) % count || count;
  return Array.from({ length: steps }, (_, step) => outline[(from.side + 1 + step) % count]);
}

const isAhead = (outline, from, to) =>
  distance(outline[from.side], from.point) <= distance(outline[to.side], to.point);

/**
 * One outline of two that lie side by side with at most a wall of `gap` between them, the wall's width included where
 * they face each other; null where they do not.
 */
export function joinedOutline(one, other, gap) {
  if (!areNear(boxOf(one), boxOf(other), gap)) return null;
  const [a, b] = [clockwise(one), clockwise(other)];
  const facing = sidesOf(a).flatMap((side, i) =>
    sidesOf(b).flatMap((against, j) => facingPart(side, against, gap, i, j)),
  );
  const best = facing.sort((left, right) => right.width - left.width)[0];
  if (!best) return null;
  const [near, far] = best.ends;
  return tidied([near[0], near[1], ...ring(b, best.j), far[1], far[0], ...ring(a, best.i)]);
}

const areNear = ([left, top, right, bottom], other, gap) =>
  other[0] - right <= gap && left - other[2] <= gap && other[1] - bottom <= gap && top - other[3] <= gap;

const clockwise = (outline) => (orientedArea(outline) > 0 ? outline : [...outline].reverse());

/** All corners from the end of side `i` round to its beginning. */
const ring = (outline, i) => outline.map((_, step) => outline[(i + 1 + step) % outline.length]);

/** The part of two sides where they face each other: its width, and both ends on either side. */
function facingPart([a, b], [c, d], gap, i, j) {
  const along = times(minus(b, a), 1 / (distance(a, b) || 1));
  const back = times(minus(d, c), 1 / (distance(c, d) || 1));
  if (dot(along, back) > 0 || Math.abs(cross(along, back)) > FACING) return [];
  const place = (point) => dot(minus(point, a), along);
  const [from, to] = [Math.max(0, place(d)), Math.min(distance(a, b), place(c))];
  const ends = [from, to].map((at) => {
    const here = plus(a, times(along, at));
    return [here, meet(here, [-along[1], along[0]], c, back)];
  });
  const apart = ends.every(([here, there]) => distance(here, there) <= gap);
  return to - from > SAME_POINT_PX && apart ? [{ width: to - from, ends, i, j }] : [];
}
