/* The labels of the rooms: name and area where they fit, else the name, else the room's number in the list, else nothing.
 *
 *   createLabels(map) → {set([{room, outline}]), select(id)}
 *
 * Labels are placed when the zoom has changed; panning moves them all with the plan.
 */

import { areaWords, roomTitle } from "./words.js";
import { el } from "./dom.js";

const L = window.L;
const GRID = 14; // points a side at which the widest place of a room is looked for
const LINE_PX = 15;
const FONT = "600 12px system-ui, sans-serif";
const NUMBER_PX = 20;
const LOWERED = 0.2; // of a room's height, since the plan's own name stands in the middle as a rule
const MARGIN_PX = 8;

export function createLabels(map) {
  const pane = map.createPane("labels");
  pane.classList.add("leaflet-zoom-hide");
  const ruler = document.createElement("canvas").getContext("2d");
  ruler.font = FONT;
  let labels = [];
  let selected = null;

  function create({ room, outline }, index) {
    const points = outline.map((corner) => [corner.lng, corner.lat]);
    const area = areaWords(room.area_m2);
    const title = roomTitle(room) ?? `Room ${index + 1}`;
    const element = el(
      "div",
      { class: "label", "aria-hidden": "true" },
      el("b", {}, title),
      area ? el("span", {}, area) : null,
      el("i", {}, String(index + 1)),
    );
    const widthPx = Math.max(ruler.measureText(title).width, ruler.measureText(area).width);
    const place = widestPlace(points);
    return { id: room.id, element, place, lower: lowered(points, place), widthPx, lines: area ? 2 : 1 };
  }

  function arrange() {
    const scale = 2 ** map.getZoom();
    for (const { element, place, lower, widthPx, lines, id } of labels) {
      const fits = ({ width, height }, lineCount) =>
        widthPx + MARGIN_PX <= width * scale && lineCount * LINE_PX + MARGIN_PX <= height * scale;
      const number = Math.min(place.width, place.height) * scale >= NUMBER_PX;
      if (fits(place, lines) || (id === selected && number)) element.dataset.shown = "whole";
      else element.dataset.shown = fits(place, 1) ? "name" : number ? "number" : "none";
      const inLower = element.dataset.shown === "number" ? lower.height * scale >= NUMBER_PX : fits(lower, lines);
      const { x, y } = inLower ? lower : place;
      L.DomUtil.setPosition(element, map.latLngToLayerPoint([y, x]));
    }
  }

  map.on("zoomend viewreset", arrange);
  return {
    set(rooms) {
      labels = rooms.map(create);
      arrange();
      pane.replaceChildren(...labels.map(({ element }) => element));
    },
    select(id) {
      selected = id;
      for (const label of labels) label.element.classList.toggle("selected", label.id === id);
      arrange();
    },
  };
}

/** The point inside an outline with the most room around it, and the free width and height through it. */
export function widestPlace(points) {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  let best = { x: (left + right) / 2, y: (low + high) / 2, width: 0, height: 0, score: -1 };
  for (let row = 1; row < GRID; row += 1) {
    const y = low + ((high - low) * row) / GRID;
    for (const [start, end] of insideSpans(points, y)) {
      const x = (start + end) / 2;
      const [bottom, top] = insideSpans(points.map(([a, b]) => [b, a]), x).find(([a, b]) => a <= y && y <= b) ?? [y, y];
      const [width, height] = [end - start, top - bottom];
      const offCentre = Math.abs(y - (top + bottom) / 2);
      const score = Math.min(width, 3 * (height - offCentre));
      if (score > best.score) best = { x, y: (top + bottom) / 2, width, height, score };
    }
  }
  return best;
}

/** A place below, where the room is about as wide; else the place itself. The vertical axis points up. */
function lowered(points, place) {
  const y = place.y - LOWERED * place.height;
  const span = insideSpans(points, y).find(([start, end]) => start <= place.x && place.x <= end);
  const width = span ? 2 * Math.min(place.x - span[0], span[1] - place.x) : 0;
  return width >= 0.9 * place.width ? { ...place, y, width, height: (1 - 2 * LOWERED) * place.height } : place;
}

/** The parts of the horizontal line at `y` that lie inside, as [start, end]. */
function insideSpans(points, y) {
  const crossings = [];
  points.forEach(([x1, y1], index) => {
    const [x2, y2] = points[(index + 1) % points.length];
    if (y1 > y !== y2 > y) crossings.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
  });
  crossings.sort((a, b) => a - b);
  return crossings.flatMap((start, index) => (index % 2 === 0 ? [[start, crossings[index + 1]]] : []));
}
