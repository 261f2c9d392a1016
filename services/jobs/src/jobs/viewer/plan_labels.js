/* The labels of the rooms: name and area where they fit, else the name, else the room's number, else nothing.
 *
 *   createLabels(map) → {set([{room, outline}]), select(id)}
 *
 * A plan prints its own names in the middle of the rooms as a rule, so a label stands at a room's foot. Labels are placed when the zoom has changed; panning moves them all with the plan.
 */

import { areaWords, roomTitle } from "./words.js";
import { el } from "./dom.js";

const L = window.L;
const GRID = 14; // points a side at which the widest place of a room is looked for
const FAMILY = "system-ui, sans-serif";
const LARGE = { font: `600 12px ${FAMILY}`, linePx: 15 };
const SMALL = { font: `600 10px ${FAMILY}`, linePx: 12 };
const MARGIN_PX = 8;
const FOOT_PX = 5;
const STEP_PX = 6;
const MOST_CHARACTERS = 32;

export function createLabels(map) {
  const pane = map.createPane("labels");
  pane.classList.add("leaflet-zoom-hide");
  const ruler = document.createElement("canvas").getContext("2d");
  let labels = [];
  let selected = null;

  function create({ room, outline }, index, rooms) {
    const points = outline.map((corner) => [corner.lng, corner.lat]);
    const isNumbered = rooms.some((each) => each.room.room_number !== null);
    const name = el("b");
    const area = el("span", {}, areaWords(room.area_m2));
    const title = titleOf(room) ?? `Room ${index + 1}`;
    const forms = formsOf(title, areaWords(room.area_m2), room.room_number ?? (isNumbered ? null : String(index + 1)));
    const element = el("div", { class: "label", "aria-hidden": "true" }, name, area);
    return { id: room.id, element, name, area, points, place: widestPlace(points), forms: forms.map(measured) };
  }

  function measured(form) {
    ruler.font = form.style.font;
    const lines = [...form.lines, form.area].filter(Boolean);
    const widthPx = Math.max(...lines.map((line) => ruler.measureText(line).width)) + MARGIN_PX;
    return { ...form, widthPx, heightPx: lines.length * form.style.linePx };
  }

  function arrange() {
    const scale = 2 ** map.getZoom();
    for (const label of labels) {
      const form = label.id === selected ? label.forms[0] : (label.forms.find((each) => fits(each, label.place, scale)) ?? null);
      label.element.hidden = form === null;
      if (form === null) continue;
      label.name.textContent = form.lines.join("\n");
      label.area.textContent = form.area;
      label.area.hidden = !form.area;
      label.element.classList.toggle("small", form.style === SMALL);
      const { x, y } = footOf(label.points, label.place, form, scale) ?? label.place;
      L.DomUtil.setPosition(label.element, map.latLngToLayerPoint([y, x]));
    }
  }

  function mark() {
    for (const label of labels) label.element.classList.toggle("selected", label.id === selected);
    arrange();
  }

  map.on("zoomend viewreset", arrange);
  return {
    set(rooms) {
      labels = rooms.map(create);
      mark();
      pane.replaceChildren(...labels.map(({ element }) => element));
    },
    select(id) {
      selected = id;
      mark();
    },
  };
}

/** A name with the number that tells rooms of one name apart. */
function titleOf(room) {
  const title = roomTitle(room);
  const full = room.name_hint && room.room_number ? `${title} ${room.room_number}` : title;
  return full?.length > MOST_CHARACTERS ? `${full.slice(0, MOST_CHARACTERS)}…` : full;
}

/** What a label can say, the most first. */
function formsOf(title, area, number) {
  const titles = [[title], halves(title)].filter(Boolean);
  const named = titles.flatMap((lines) => [LARGE, SMALL].map((style) => ({ style, lines, area: "" })));
  const whole = area ? named.map((form) => ({ ...form, area })) : [];
  return [...whole, ...named, ...(number ? [{ style: SMALL, lines: [number], area: "" }] : [])];
}

/** A title as two lines of about the same length, or null where it is one word. */
export function halves(title) {
  const spaces = [...title.matchAll(/ /g)].map(({ index }) => index);
  if (spaces.length === 0) return null;
  const middle = spaces.reduce((best, at) => (Math.abs(at - title.length / 2) <= Math.abs(best - title.length / 2) ? at : best));
  return [title.slice(0, middle), title.slice(middle + 1)];
}

const fits = ({ widthPx, heightPx }, { width, height }, scale) => widthPx <= width * scale && heightPx + MARGIN_PX / 2 <= height * scale;

/** The lowest middle of a label in the lower half of a room where it does not stick out, or null. */
function footOf(points, place, form, scale) {
  const low = place.y - place.height / 2;
  for (let foot = low + FOOT_PX / scale; foot + form.heightPx / scale <= place.y; foot += STEP_PX / scale) {
    const middle = middleAt(points, place, foot, form, scale);
    if (middle) return middle;
  }
  return null;
}

function middleAt(points, place, foot, { widthPx, heightPx }, scale) {
  const head = foot + heightPx / scale;
  const spans = [foot, head].map((y) => insideSpans(points, y).find(([start, end]) => start <= place.x && place.x <= end));
  if (spans.includes(undefined)) return null;
  const [left, right] = [Math.max(...spans.map(([start]) => start)), Math.min(...spans.map(([, end]) => end))];
  return (right - left) * scale < widthPx ? null : { x: (left + right) / 2, y: (foot + head) / 2 };
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
