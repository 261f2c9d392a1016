/**
 * Handles on the selected room: a round one on each corner, a small one on the middle of each side, and the sides.
 *
 *   createHandles(plan, {onOutline, onShape, onLeave}) → handles
 *   handles.show(room or null, others)   `others` are the rooms that corners snap to
 *   handles.focus(corner)                the keyboard's way in
 *   handles.cancel()                     ends a drag without a change, and says whether there was one
 *   handles.isBusy()                     while something is moved; show nothing new then
 *   handles.settle()                     ends a run of arrow keys as a change
 *
 * `onOutline(room, polygon)` hears each finished change, in page coordinates, and `onShape(polygon)` the outline while it
 * is moved, null at the end; `onLeave()` hears that the keyboard wants out.
 * Points here are pixels of the page, which are units of the map.
 */

import { announce } from "../dom.js";
import { roomTitle } from "../words.js";
import {
  distance,
  isSimple,
  middle,
  minus,
  nearestOn,
  plus,
  sameOutline,
  sidesOf,
  times,
  withCorner,
  withMovedSide,
  withNewCorner,
  withoutCorner,
} from "./geometry.js";
import { cursorAcross, draggable } from "./pointer_drag.js";
import { guidesOf, snapped, snappedShift } from "./snapping.js";

const L = window.L;
const PANE = "handles";
const SNAP_PX = 8;
/** Sides shorter than this on the screen have no handle on their middle. */
const SHORT_SIDE_PX = 36;
const SIDE_WIDTH_PX = 16;
const KEY_STEP_PX = 1;
const KEY_LEAP_PX = 10;
/** So long after the last arrow key, a run of them counts as one change. */
const KEYS_REST_MS = 700;
const CORNERS_ABOVE = 10_000;
const IN_SIGHT = { padding: [50, 50], animate: false };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function createHandles(plan, { onOutline, onShape, onLeave }) {
  const { map } = plan;
  if (!map.getPane(PANE)) map.createPane(PANE);
  const renderer = L.svg({ pane: PANE, padding: 0.5 }).addTo(map);
  const markers = L.layerGroup().addTo(map);
  let room = null;
  let outline = [];
  let near = { corners: [], sides: [] };
  let sides = null;
  let corners = [];
  let middles = [];
  let drags = [];
  let keyTimer = null;

  const toPoint = ({ lat, lng }) => [lng, -lat];
  const toLatLng = ([x, y]) => L.latLng(-y, x);
  const toPage = (points) => points.map((point) => plan.toPage(toLatLng(point)));
  const pointAt = (event) => toPoint(map.mouseEventToLatLng(event));
  const onScreen = (px) => px / 2 ** map.getZoom();
  const sideAt = (point) => indexOfNearest(sidesOf(outline).map((side) => distance(point, nearestOn(side, point))));

  function show(shown, others) {
    finishKeys();
    const isKnown = shown && shown.id === room?.id && shown.polygon.length === corners.length;
    room = shown;
    if (!room) return clear();
    near = nearby(others.filter((other) => other.id !== room.id));
    outline = outlineOf(room);
    if (isKnown) place();
    else rebuild();
  }

  const outlineOf = ({ polygon }) => polygon.map((corner) => toPoint(plan.toMap(corner)));

  function nearby(others) {
    const outlines = others.map(outlineOf);
    return { corners: outlines.flat(), sides: outlines.flatMap(sidesOf) };
  }

  function clear() {
    drags.forEach((drag) => drag.cancel());
    drags = [];
    markers.clearLayers();
    sides = null;
    [corners, middles] = [[], []];
  }

  function build() {
    const options = { className: "sides", fill: false, weight: SIDE_WIDTH_PX, pane: PANE, renderer };
    sides = L.polygon(outline.map(toLatLng), options).addTo(markers);
    dragSides(sides.getElement());
    outline.forEach((_, i) => {
      corners[i] = handle("corner", i);
      middles[i] = handle("middle", i);
    });
    place();
  }

  /** A button of its own on the plan, in the order of the outline, so that Tab goes round the room. */
  function handle(kind, i) {
    const icon = L.divIcon({ className: `handle ${kind}`, iconSize: null });
    const zIndexOffset = kind === "corner" ? CORNERS_ABOVE : 0;
    const marker = L.marker(toLatLng(outline[i]), { icon, keyboard: false, zIndexOffset }).addTo(markers);
    const element = marker.getElement();
    element.tabIndex = 0;
    element.setAttribute("role", "button");
    element.addEventListener("keydown", (event) => onKey(event, kind, i));
    element.addEventListener("blur", finishKeys);
    element.addEventListener("focus", () => reveal(marker));
    if (kind === "corner") dragCorner(element, i);
    else dragMiddle(element, i);
    return marker;
  }

  /** Whom the keyboard brings here sees it. */
  function reveal(marker) {
    if (marker.getElement().matches(":focus-visible")) map.panInside(marker.getLatLng(), IN_SIGHT);
  }

  function place() {
    const name = roomTitle(room) ?? "this room";
    sides.setLatLngs(outline.map(toLatLng));
    outline.forEach((corner, i) => {
      const next = outline[(i + 1) % outline.length];
      corners[i].setLatLng(toLatLng(corner));
      middles[i].setLatLng(toLatLng(middle(corner, next)));
      middles[i].getElement().hidden = distance(corner, next) < onScreen(SHORT_SIDE_PX);
      label(corners[i], `Corner ${i + 1} of ${outline.length} of ${name}`, "arrow keys move it, Delete takes it away");
      label(middles[i], `Side ${i + 1} of ${name}`, "arrow keys move it, Enter adds a corner");
    });
  }

  function label(marker, text, keys) {
    marker.getElement().setAttribute("aria-label", `${text}; ${keys}`);
  }

  /** Show an outline that is not yet said to be right. */
  function preview(points) {
    plan.layerOf(room.id)?.setLatLngs(points.map(toLatLng));
    const polygon = toPage(points);
    plan.layerOf(room.id)?.getElement()?.classList.toggle("invalid", !isSimple(polygon));
    onShape(polygon);
  }

  function finish(points) {
    onShape(null);
    const polygon = toPage(points);
    if (sameOutline(polygon, room.polygon)) return restore();
    if (isSimple(polygon)) return onOutline(room, polygon);
    announce("That outline would cross itself, so the room stays as it was.");
    restore();
  }

  function restore() {
    outline = outlineOf(room);
    preview(outline);
    onShape(null);
    if (corners.length === outline.length) place();
    else rebuild();
  }

  function rebuild() {
    clear();
    build();
  }

  function dragCorner(element, i) {
    let moved = outline;
    const move = (event) => {
      const guides = guidesOf(outline, i);
      const at = pointAt(event);
      moved = withCorner(outline, i, event.altKey ? at : snapped(at, { ...near, guides }, onScreen(SNAP_PX)));
      corners[i].setLatLng(toLatLng(moved[i]));
      preview(moved);
    };
    const remove = () => takeCorner(i);
    onMenu(element, remove);
    const end = (_, hasMoved) => (hasMoved ? finish(moved) : element.focus());
    drags.push(draggable(element, { move, end, cancel: restore, hold: remove }));
  }

  function dragMiddle(element, i) {
    onMenu(element, () => addCorner(i));
    dragSide(element, { sideOf: () => i, onPress: () => element.focus(), hold: () => addCorner(i) });
  }

  function dragSides(element) {
    element.addEventListener("pointermove", (event) => {
      const [a, b] = sidesOf(outline)[sideAt(pointAt(event))];
      element.style.cursor = cursorAcross(minus(b, a));
    });
    dragSide(element, { sideOf: sideAt, onPress: () => {} });
  }

  /** Moves the side `sideOf(point)` parallel to itself, with the dot on its middle. */
  function dragSide(element, { sideOf, onPress, hold }) {
    let [side, from, moved] = [0, [0, 0], outline];
    const start = (event) => {
      from = pointAt(event);
      side = sideOf(from);
      moved = outline;
    };
    const move = (event) => {
      const shift = minus(pointAt(event), from);
      const ends = sidesOf(outline)[side];
      const kept = event.altKey ? shift : snappedShift(ends, shift, near.corners, onScreen(SNAP_PX));
      moved = withMovedSide(outline, side, kept);
      if (moved.length === outline.length) middles[side].setLatLng(toLatLng(middle(...sidesOf(moved)[side])));
      preview(moved);
    };
    const end = (_, hasMoved) => (hasMoved ? finish(moved) : onPress());
    drags.push(draggable(element, { start, move, end, cancel: restore, hold }));
  }

  function onMenu(element, act) {
    element.addEventListener("contextmenu", (event) => {
      event.preventDefault();
      event.stopPropagation();
      act();
    });
  }

  function takeCorner(i) {
    const left = withoutCorner(outline, i);
    if (!left) return announce("A room has at least three corners.");
    finish(left);
    focus(Math.min(i, outline.length - 1));
  }

  function onKey(event, kind, i) {
    const actions = {
      Delete: () => kind === "corner" && takeCorner(i),
      Backspace: () => kind === "corner" && takeCorner(i),
      Enter: () => (kind === "middle" ? addCorner(i) : finishKeys()),
      Escape: () => onLeave(),
    };
    if (event.ctrlKey || event.metaKey || !(actions[event.key] || ARROWS[event.key])) return;
    event.preventDefault();
    event.stopPropagation();
    if (ARROWS[event.key]) nudge(kind, i, times(ARROWS[event.key], event.shiftKey ? KEY_LEAP_PX : KEY_STEP_PX));
    else actions[event.key]();
  }

  function addCorner(i) {
    const [a, b] = sidesOf(outline)[i];
    finish(withNewCorner(outline, i, middle(a, b)));
    focus(i + 1);
  }

  function nudge(kind, i, shift) {
    const next = kind === "corner" ? withCorner(outline, i, plus(outline[i], shift)) : withMovedSide(outline, i, shift);
    if (next.length !== outline.length) return finish(next);
    outline = next;
    preview(outline);
    place();
    reveal((kind === "corner" ? corners : middles)[i]);
    clearTimeout(keyTimer);
    keyTimer = setTimeout(finishKeys, KEYS_REST_MS);
  }

  function finishKeys() {
    if (keyTimer === null) return;
    clearTimeout(keyTimer);
    keyTimer = null;
    finish(outline);
  }

  function focus(i) {
    corners[i]?.getElement().focus({ preventScroll: true });
  }

  const onZoom = () => room && place();
  map.on("zoomend", onZoom);
  return {
    show,
    focus,
    cancel: () => drags.map((drag) => drag.cancel()).some(Boolean),
    settle: finishKeys,
    isBusy: () => keyTimer !== null || drags.some((drag) => drag.isDragged()),
    remove() {
      finishKeys();
      clear();
      map.off("zoomend", onZoom);
      markers.remove();
      renderer.remove();
    },
  };
}

const indexOfNearest = (distances) => distances.indexOf(Math.min(...distances));
