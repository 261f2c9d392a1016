/**
 * Drawing points on the plan: a line, or an area.
 *
 *   draw(plan, {kind, hint, corners, start, done(points), ended()}) → {cancel()}
 *
 * `kind` is `line` (two points), `path` (two or more) or `area` (three or more, or a box of two opposite ones).
 * Points are pixels of the page. By pointer: drag from end to end, or click point by point; a double click or a click
 * on the last point ends it, one on the first closes an area. By keyboard: arrow keys move a cross, Enter sets a point,
 * and on the last point ends it; Backspace takes a point back, Escape all. Wheel and two fingers zoom and move the plan
 * meanwhile, and so does dragging with the space bar held. `done` answers whether what was drawn will do; `corners`
 * are points that it snaps to, and `start` is where on the map the cross appears.
 */

import { el } from "../dom.js";
import { boxOutline, distance, plus, times } from "./geometry.js";
import { snapped } from "./snapping.js";

const L = window.L;
const SNAP_PX = 8;
const SAME_POINT_PX = 7;
const KEY_STEP_PX = 1;
const KEY_LEAP_PX = 10;
const FEWEST = { line: 2, path: 2, area: 3 };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function draw(plan, { kind, hint, corners = [], start, done, ended }) {
  const { map } = plan;
  const stopping = new AbortController();
  const { signal } = stopping;
  const surface = el("div", { class: "drawing-surface", tabindex: 0, role: "application", "aria-label": hint });
  const shape = (kind === "area" ? L.polygon : L.polyline)([], { className: "drawn", interactive: false }).addTo(map);
  const icon = L.divIcon({ className: "cross", iconSize: null });
  const cross = L.marker(map.getCenter(), { icon, interactive: false, keyboard: false });
  let points = [];
  let pressed = null;

  const toPoint = ({ lat, lng }) => [lng, -lat];
  const toLatLng = ([x, y]) => L.latLng(-y, x);
  const onScreen = (px) => px / 2 ** map.getZoom();
  const isSame = (one, other) => distance(one, other) <= onScreen(SAME_POINT_PX);

  /** On the page, and level with what was drawn before, unless Alt is held. */
  function pointAt(event, before = points) {
    const at = onPage(toPoint(map.mouseEventToLatLng(event)));
    return event.altKey ? at : snapped(at, { corners, guides: guides(before) }, onScreen(SNAP_PX));
  }

  const onPage = (point) => toPoint(plan.toMap(plan.toPage(toLatLng(point))));
  const guides = (before) =>
    [...new Set([before.at(-1), before[0]])]
      .filter(Boolean)
      .flatMap((through) => [{ through, along: [1, 0] }, { through, along: [0, 1] }]);

  function show(loose) {
    const all = loose ? [...points, loose] : points;
    shape.setLatLngs(all.map(toLatLng));
  }

  function add(point) {
    const isEnd = points.length && (isSame(point, points.at(-1)) || (kind === "area" && isSame(point, points[0])));
    if (isEnd) return finish(points);
    points.push(point);
    show();
    if (kind === "line" && points.length === 2) finish(points);
  }

  function finish(drawn) {
    const isBox = kind === "area" && drawn.length === 2;
    const outline = isBox ? boxOutline(...drawn) : drawn;
    if (outline.length < FEWEST[kind]) return;
    if (done(outline)) close();
    else clear();
  }

  function clear() {
    points = [];
    show();
  }

  function close() {
    if (signal.aborted) return;
    stopping.abort();
    [shape, cross].forEach((layer) => layer.remove());
    surface.remove();
    map.dragging.enable();
    ended();
  }

  function press(event) {
    if (event.button !== 0 || map.dragging.enabled()) return;
    const isSecondFinger = pressed && event.pointerId !== pressed.id;
    if (isSecondFinger) {
      pressed = null;
      return show();
    }
    surface.focus({ preventScroll: true });
    surface.setPointerCapture(event.pointerId);
    cross.remove();
    pressed = { id: event.pointerId, at: pointAt(event), x: event.clientX, y: event.clientY, moved: false };
  }

  function follow(event) {
    if (!pressed) return points.length && show(pointAt(event));
    pressed.moved ||= Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > SAME_POINT_PX;
    if (!pressed.moved || points.length) return;
    const to = pointAt(event, kind === "area" ? [] : [pressed.at]);
    shape.setLatLngs((kind === "area" ? boxOutline(pressed.at, to) : [pressed.at, to]).map(toLatLng));
  }

  function release(event) {
    if (event.pointerId !== pressed?.id) return;
    const { at, moved } = pressed;
    pressed = null;
    if (!moved || points.length) return add(moved ? pointAt(event) : at);
    finish([at, pointAt(event, kind === "area" ? [] : [at])]);
  }

  function onKey(event) {
    const actions = {
      Enter: () => add(toPoint(cross.getLatLng())),
      Backspace: () => points.pop() && show(),
      Escape: () => (points.length ? clear() : close()),
      " ": () => map.dragging.enable(),
    };
    const arrow = ARROWS[event.key];
    if (!arrow && !actions[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    if (arrow) moveCross(times(arrow, onScreen(event.shiftKey ? KEY_LEAP_PX : KEY_STEP_PX)));
    else if (event.key !== "Enter" || map.hasLayer(cross)) actions[event.key]();
    else if (points.length) finish(points);
    else moveCross([0, 0]);
  }

  const crossAt = () => (points.length ? toLatLng(points.at(-1)) : (start ?? map.getCenter()));

  function moveCross(shift) {
    if (!map.hasLayer(cross)) cross.setLatLng(crossAt()).addTo(map);
    const to = onPage(plus(toPoint(cross.getLatLng()), shift));
    cross.setLatLng(toLatLng(to));
    map.panInside(toLatLng(to), { padding: [40, 40], animate: false });
    show(to);
  }

  const listen = (type, act) => surface.addEventListener(type, act, { signal });
  listen("pointerdown", press);
  listen("pointermove", follow);
  listen("pointerup", release);
  listen("pointercancel", () => (pressed = null));
  listen("dblclick", () => finish(points));
  listen("keydown", onKey);
  listen("keyup", (event) => event.key === " " && map.dragging.disable());
  for (const type of ["click", "dblclick"]) listen(type, (event) => event.stopPropagation());
  map.dragging.disable();
  map.getContainer().append(surface);
  surface.focus({ preventScroll: true });
  if (surface.matches(":focus-visible")) moveCross([0, 0]); // the keyboard began it
  return { cancel: close };
}
