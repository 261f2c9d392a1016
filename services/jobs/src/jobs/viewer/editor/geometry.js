/**
 * Outlines of rooms. A point is [x, y]; an outline is its corners in order, the first not repeated.
 *
 * Page units are thousandths of each side of the page, so a unit along x is not one along y. Lengths, angles and
 * areas are taken in pixels of the page; only `toPage`, `toPixels` and `isSimple` know page units.
 */

const PAGE_SIDE = 1000;
const PER_UNIT = 100;
const ALONG = 1e-9;
/** Sine of the angle below which two sides count as parallel: 6 degrees. */
const PARALLEL = 0.1;

export const toPixels = ([x, y], { width_px, height_px }) => [
  (x * width_px) / PAGE_SIDE,
  (y * height_px) / PAGE_SIDE,
];

/** In page units with two decimals, as they are stored, and on the page. */
export const toPage = ([x, y], { width_px, height_px }) => [
  onPage((x * PAGE_SIDE) / width_px),
  onPage((y * PAGE_SIDE) / height_px),
];

const onPage = (value) => Math.round(Math.min(Math.max(value, 0), PAGE_SIDE) * PER_UNIT) / PER_UNIT;

export const minus = (a, b) => [a[0] - b[0], a[1] - b[1]];
export const plus = (a, b) => [a[0] + b[0], a[1] + b[1]];
export const times = (a, factor) => [a[0] * factor, a[1] * factor];
export const dot = (a, b) => a[0] * b[0] + a[1] * b[1];
export const cross = (a, b) => a[0] * b[1] - a[1] * b[0];
export const length = (a) => Math.hypot(a[0], a[1]);
export const distance = (a, b) => length(minus(a, b));
export const middle = (a, b) => times(plus(a, b), 0.5);
export const sameOutline = (a, b) =>
  a.length === b.length && a.every((corner, i) => corner[0] === b[i][0] && corner[1] === b[i][1]);

/** The sides as pairs of points; side i begins at corner i. */
export const sidesOf = (outline) => outline.map((corner, i) => [corner, outline[(i + 1) % outline.length]]);

/** Positive where the outline runs clockwise on the screen. */
export const orientedArea = (outline) => sidesOf(outline).reduce((sum, [a, b]) => sum + cross(a, b), 0) / 2;
export const area = (outline) => Math.abs(orientedArea(outline));

/** Area, perimeter, and the shorter and the longer side of the smallest rectangle around an outline, as the service has them. */
export function measuresOf(outline) {
  const sides = sidesOf(outline).map(([a, b]) => minus(b, a)).filter((side) => length(side) > 0);
  const rectangles = sides.map((side) => [side, [-side[1], side[0]]].map((along) => extent(outline, times(along, 1 / length(along)))));
  const smallest = rectangles.reduce((best, each) => (each[0] * each[1] < best[0] * best[1] ? each : best));
  const [width, longer] = smallest.sort((a, b) => a - b);
  return { area_m2: area(outline), perimeter_m: sides.reduce((sum, side) => sum + length(side), 0), width_m: width, length_m: longer };
}

function extent(outline, direction) {
  const along = outline.map((corner) => dot(corner, direction));
  return Math.max(...along) - Math.min(...along);
}

export function boxOf(outline) {
  const xs = outline.map(([x]) => x);
  const ys = outline.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** The corners of the box that has `a` and `b` as opposite corners. */
export function boxOutline(a, b) {
  const [left, top, right, bottom] = boxOf([a, b]);
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

/** Whether `point` lies inside the outline. */
export function contains(outline, [x, y]) {
  const crossed = sidesOf(outline).filter(
    ([a, b]) => a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0],
  );
  return crossed.length % 2 === 1;
}

/** The point of the segment from `a` to `b` that is nearest to `point`. */
export function nearestOn([a, b], point) {
  const along = minus(b, a);
  const share = dot(along, along) ? dot(minus(point, a), along) / dot(along, along) : 0;
  return plus(a, times(along, Math.min(Math.max(share, 0), 1)));
}

/**
 * Whether an outline in page units encloses an area and no two of its sides touch but neighbours at their corner:
 * the rule by which feedback is accepted. Compared in hundredths, as it is stored.
 */
export function isSimple(outline) {
  const corners = outline.map(([x, y]) => [Math.round(x * PER_UNIT), Math.round(y * PER_UNIT)]);
  const sides = sidesOf(corners);
  if (corners.length < 3 || orientedArea(corners) === 0) return false;
  if (sides.some(([a, b]) => a[0] === b[0] && a[1] === b[1])) return false;
  return sides.every((one, i) =>
    sides.slice(i + 1).every((other, skipped) => !collide(one, other, i, i + 1 + skipped, sides.length)),
  );
}

function collide(one, other, i, j, count) {
  if (j === i + 1) return turnsBack(one[0], one[1], other[1]);
  if (i === 0 && j === count - 1) return turnsBack(other[0], other[1], one[1]);
  return touch(one, other);
}

const turn = (a, b, c) => cross(minus(b, a), minus(c, a));
const turnsBack = (a, corner, b) => turn(a, corner, b) === 0 && dot(minus(a, corner), minus(b, corner)) > 0;

function touch([a, b], [c, d]) {
  const [left, top, right, bottom] = boxOf([a, b]);
  const [otherLeft, otherTop, otherRight, otherBottom] = boxOf([c, d]);
  if (otherLeft > right || left > otherRight || otherTop > bottom || top > otherBottom) return false;
  return turn(a, b, c) * turn(a, b, d) <= 0 && turn(c, d, a) * turn(c, d, b) <= 0;
}

export const withCorner = (outline, i, corner) => outline.map((kept, at) => (at === i ? corner : kept));

/** With a corner more, on side `i`. */
export const withNewCorner = (outline, i, corner) => [...outline.slice(0, i + 1), corner, ...outline.slice(i + 1)];

/** With a corner less; null where three are left. */
export const withoutCorner = (outline, i) => (outline.length > 3 ? outline.filter((_, at) => at !== i) : null);

/**
 * With side `i` moved parallel to itself by the part of `shift` across it. Its ends slide along the sides beside it;
 * where one of those runs the same way, a step is made.
 */
export function withMovedSide(outline, i, shift) {
  const count = outline.length;
  const [a, b] = [outline[i], outline[(i + 1) % count]];
  const normal = normalOf(a, b);
  const across = times(normal, dot(shift, normal));
  if (length(across) < ALONG) return outline;
  const before = outline[(i - 1 + count) % count];
  const after = outline[(i + 2) % count];
  const start = movedEnd(a, b, before, across);
  const end = movedEnd(b, a, after, across).reverse();
  const rest = Array.from({ length: count - 2 }, (_, step) => outline[(i + 2 + step) % count]);
  return rotated([...start, ...end, ...rest], i);
}

const normalOf = (a, b) => times([a[1] - b[1], b[0] - a[0]], 1 / (distance(a, b) || 1));

/** What corner `a` of the side to `b` becomes, in the order from its neighbour `before`. */
function movedEnd(a, b, before, across) {
  const moved = plus(a, across);
  const beside = minus(a, before);
  const sine = cross(minus(b, a), beside) / (distance(a, b) * length(beside) || 1);
  if (Math.abs(sine) < PARALLEL) return [a, moved];
  return [meet(moved, minus(b, a), a, beside)];
}

/** Where the line through `p` along `r` meets the one through `q` along `s`; they are not parallel. */
export const meet = (p, r, q, s) => plus(p, times(r, cross(minus(q, p), s) / cross(r, s)));

/** The same outline, begun so that its first corner comes `i`-th. */
const rotated = (corners, i) => [...corners.slice(corners.length - i), ...corners.slice(0, corners.length - i)];

/** Without corners that repeat the one before or lie on the straight line through their neighbours. */
export function tidied(outline, tolerance = 0.01) {
  const apart = outline.filter((corner, i) => distance(corner, outline[(i + 1) % outline.length]) > tolerance);
  return apart.filter((corner, i) => {
    const before = apart[(i - 1 + apart.length) % apart.length];
    const after = apart[(i + 1) % apart.length];
    return distance(corner, nearestOn([before, after], corner)) > tolerance;
  });
}
