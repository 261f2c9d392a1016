/* The labels of the rooms: the area, and the name where the plan does not print it; less where there is no place.
 *
 *   createLabels(map) → {set([{room, outline}]), select(id), setInk(ink)}   ink([left, bottom], [right, top]): how much is
 *   printed in a part of the map, from 0 to 1
 *
 * A label stands where the least is printed under it. Labels are placed when the zoom has changed; panning moves them
 * all with the plan.
 */

import { areaWords, roomTitle } from "./words.js";
import { el } from "./dom.js";

const L = window.L;
const GRID = 16; // points a side at which a place is looked for
const FAMILY = "system-ui, sans-serif";
const LARGE = { font: `600 12px ${FAMILY}`, linePx: 15 };
const SMALL = { font: `600 10px ${FAMILY}`, linePx: 12 };
const MARGIN_PX = 12;
const MOST_CHARACTERS = 32;
/** How much of a room's size a label is moved for being on paper that is darker by so much. */
const DARKNESS_WEIGHT = 20;

export function createLabels(map) {
  const pane = map.createPane("labels");
  pane.classList.add("leaflet-zoom-hide");
  const ruler = document.createElement("canvas").getContext("2d");
  let labels = [];
  let selected = null;
  let ink = () => 0;

  function create({ room, outline }, index, rooms) {
    const isNumbered = rooms.some((each) => each.room.room_number !== null);
    const number = room.room_number ?? (isNumbered ? null : String(index + 1));
    const name = el("b");
    const area = el("span");
    const element = el("div", { class: "label", "aria-hidden": "true" }, name, area);
    const { usual, selected: whole } = formsOf({ ...room, title: titleOf(room) ?? `Room ${index + 1}`, number });
    const forms = { usual: usual.map(measured), selected: whole.map(measured) };
    return { id: room.id, element, name, area, places: placesIn(outline.map(({ lng, lat }) => [lng, lat])), forms };
  }

  function measured(form) {
    ruler.font = form.style.font;
    const lines = [...form.lines, form.area].filter(Boolean);
    const width = Math.max(...lines.map((line) => ruler.measureText(line).width)) + MARGIN_PX;
    return { ...form, width, height: lines.length * form.style.linePx + MARGIN_PX / 3 };
  }

  function arrange() {
    const scale = 2 ** map.getZoom();
    for (const label of labels) {
      const isSelected = label.id === selected;
      const forms = isSelected ? label.forms.selected : label.forms.usual;
      const found = firstFitting(forms, label.places, scale, ink) ?? (isSelected ? anywhere(forms, label.places) : null);
      label.element.hidden = found === null;
      if (found) show(label, found);
    }
  }

  function show({ element, name, area }, { form, place }) {
    name.textContent = form.lines.join("\n");
    name.hidden = form.lines.length === 0;
    area.textContent = form.area;
    area.hidden = !form.area;
    element.classList.toggle("small", form.style === SMALL);
    L.DomUtil.setPosition(element, map.latLngToLayerPoint([place.y, place.x]));
  }

  function mark() {
    for (const { id, element } of labels) element.classList.toggle("selected", id === selected);
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
    setInk(known) {
      ink = known;
      arrange();
    },
  };
}

/** A name with the number that tells rooms of one name apart. */
function titleOf(room) {
  const title = roomTitle(room);
  const full = room.name_hint && room.room_number ? `${title} ${room.room_number}` : title;
  return full?.length > MOST_CHARACTERS ? `${full.slice(0, MOST_CHARACTERS)}…` : full;
}

/** What a label can say, the most first. A name that was read on the plan stands there already. */
export function formsOf({ title, area_m2, number, name_hint, room_number, corrected }) {
  const area = areaWords(area_m2);
  const titles = [[title], halves(title)].filter(Boolean);
  const isPrinted = !corrected && (name_hint ?? room_number) !== null;
  const names = titles.flatMap((lines) => [LARGE, SMALL].map((style) => ({ style, lines, area: "" })));
  const named = [...(area ? names.map((form) => ({ ...form, area })) : []), ...names];
  const areas = area ? [LARGE, SMALL].map((style) => ({ style, lines: [], area })) : [];
  const numbers = number && !(isPrinted && room_number) ? [{ style: SMALL, lines: [number], area: "" }] : [];
  return { usual: [...(isPrinted ? areas : named), ...numbers], selected: named.slice(0, 1) };
}

/** A title as two lines of about the same length, or null where it is one word. */
export function halves(title) {
  const spaces = [...title.matchAll(/ /g)].map(({ index }) => index);
  if (spaces.length === 0) return null;
  const middle = spaces.reduce((best, at) => (Math.abs(at - title.length / 2) <= Math.abs(best - title.length / 2) ? at : best));
  return [title.slice(0, middle), title.slice(middle + 1)];
}

function firstFitting(forms, places, scale, ink) {
  for (const form of forms) {
    const place = bestPlace(places, { width: form.width / scale, height: form.height / scale }, ink);
    if (place) return { form, place };
  }
  return null;
}

/** In the middle of its room, even over the walls. */
function anywhere([form], places) {
  const place = bestPlace(places, { width: 0, height: 0 }, () => 0);
  return place && { form, place };
}

/** Where a box has the least print under it and stands near the middle; null where it fits nowhere. */
export function bestPlace(places, { width, height }, ink) {
  let best = null;
  for (const place of places) {
    if (place.width < width || place.height < height) continue;
    const darkness = ink([place.x - width / 2, place.y - height / 2], [place.x + width / 2, place.y + height / 2]);
    const cost = DARKNESS_WEIGHT * darkness + place.offCentre;
    if (!best || cost < best.cost) best = { ...place, cost };
  }
  return best;
}

/** Points inside an outline with the width and height that is free around each, and how far they are from the middle. */
export function placesIn(points) {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const turned = points.map(([x, y]) => [y, x]);
  const steps = (from, to) => Array.from({ length: GRID - 1 }, (_, index) => from + ((to - from) * (index + 1)) / GRID);
  const columns = steps(left, right).map((x) => [x, insideSpans(turned, x)]);
  return steps(low, high).flatMap((y) => {
    const spans = insideSpans(points, y);
    return columns.flatMap(([x, columnSpans]) => {
      const [across, along] = [spanAt(spans, x), spanAt(columnSpans, y)];
      if (!across || !along) return [];
      const offCentre = Math.hypot((x - (left + right) / 2) / (right - left), (y - (low + high) / 2) / (high - low));
      return [{ x, y, width: freeAround(x, across), height: freeAround(y, along), offCentre }];
    });
  });
}

const spanAt = (spans, value) => spans.find(([start, end]) => start <= value && value <= end);
const freeAround = (value, [start, end]) => 2 * Math.min(value - start, end - value);

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
