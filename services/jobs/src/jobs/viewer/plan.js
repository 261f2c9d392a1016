/* The plan: a page as a picture, its rooms on it. Built on Leaflet (global `L`), in its plain coordinate system.
 *
 *   createPlan(container, {onSelect}) → plan
 *   plan.map                        the Leaflet map; a map unit is a pixel of the page (width_px × height_px)
 *   plan.showPage(page, pictures, sharp)   page: of a preview; sharp(): whether it is a PDF, drawn anew at any size
 *   plan.setRooms(rooms)            draws rooms, dashed where they are the machine's own work, and their labels
 *   plan.controls                   buttons that zoom, and hide labels, which may be in the way
 *   plan.select(id or null)         marks a room; zoomTo(id) shows it large; fit() shows the whole page
 *   plan.setWithheld(regions)       regions refused, with a reason each; [] removes them
 *   plan.layerOf(id)                the room's L.polygon, for tools that change it
 *   plan.toMap([x, y]), plan.toPage(latLng)   between page coordinates (0-1000 each way) and the map's
 *   plan.remove()
 */

import { createLabels } from "./plan_labels.js";
import { createSheet } from "./plan_sheet.js";
import { el } from "./dom.js";

const L = window.L;
const PAGE_SIDE = 1000;
const REDUCED_MOTION = matchMedia("(prefers-reduced-motion: reduce)");
const MOST_ZOOM = 2; // four pixels of the screen for one of the page
const FIT_PADDING_PX = [16, 16];
let areLabelsShown = true; // on every plan, until the page is closed

export function createPlan(container, { onSelect }) {
  const map = createMap(container);
  const renderer = L.svg({ padding: 0.5 }).addTo(map);
  const layers = new Map();
  const labels = createLabels(map);
  const withheld = L.layerGroup().addTo(map);
  let page = null;
  let sheet = null;
  let drawn = null; // the rooms that are shown, as text
  let selected = null;
  let whole = false; // whether the view is the whole page, as nobody has moved it since

  const plan = {
    map,
    toMap: ([x, y]) => L.latLng((-y * page.height_px) / PAGE_SIDE, (x * page.width_px) / PAGE_SIDE),
    toPage: ({ lat, lng }) => [onPage((lng * PAGE_SIDE) / page.width_px), onPage((-lat * PAGE_SIDE) / page.height_px)],
    layerOf: (id) => layers.get(id) ?? null,
    fit({ animate = true } = {}) {
      map.fitBounds(bounds(), { padding: FIT_PADDING_PX, animate });
      whole = true;
    },
    zoomTo(id) {
      moved();
      const layer = layers.get(id);
      if (layer) map.fitBounds(layer.getBounds().pad(0.6), { maxZoom: map.getMaxZoom() - 1 });
    },

    showPage(shown, pictures, sharp) {
      page = shown;
      drawn = null;
      sheet?.remove();
      map.invalidateSize({ pan: false }); // the list beside it may have come just now
      limitZoom();
      sheet = createSheet(map, plan, { page, pictures, sharp, bounds: bounds(), onPicture: (ink) => labels.setInk(inkOnMap(ink)) });
      plan.setWithheld([]);
    },

    setRooms(rooms) {
      const text = JSON.stringify(rooms);
      if (text === drawn) return; // what is under the pointer stays
      drawn = text;
      layers.forEach((layer) => layer.remove());
      layers.clear();
      for (const room of rooms) layers.set(room.id, roomLayer(room));
      labels.set(rooms.map((room) => ({ room, outline: room.polygon.map(plan.toMap) })));
      mark(selected, true);
    },

    select(id, { reveal = false } = {}) {
      mark(selected, false);
      selected = layers.has(id) ? id : null;
      mark(selected, true);
      labels.select(selected);
      if (reveal && selected) revealRoom(layers.get(selected));
    },

    setWithheld(regions) {
      withheld.clearLayers();
      for (const { polygon, message } of regions) {
        L.polygon(polygon.map(plan.toMap), { className: "withheld", renderer, bubblingMouseEvents: true })
          .bindTooltip(el("span", {}, message), { sticky: true })
          .addTo(withheld);
      }
    },

    remove() {
      sheet?.remove();
      resizing.disconnect();
      map.remove();
    },
  };

  function zoomBy(levels) {
    moved();
    map.setZoom(map.getZoom() + levels);
  }

  function createControls() {
    const button = (text, onclick, properties) => el("button", { type: "button", onclick, ...properties }, text);
    const toggle = button("Labels", () => showLabels(!areLabelsShown), { title: "Show the labels of rooms on the plan" });
    const showLabels = (shown) => {
      areLabelsShown = shown;
      container.classList.toggle("no-labels", !shown);
      toggle.setAttribute("aria-pressed", String(shown));
    };
    showLabels(areLabelsShown);
    const zoomIn = button("+", () => zoomBy(1), { "aria-label": "Zoom in" });
    const zoomOut = button("−", () => zoomBy(-1), { "aria-label": "Zoom out" });
    const fit = button("Fit", () => plan.fit(), { "aria-label": "Show the whole page" });
    return el("div", { class: "controls", hidden: true }, zoomIn, zoomOut, fit, toggle);
  }

  function bounds() {
    return L.latLngBounds(plan.toMap([0, 0]), plan.toMap([PAGE_SIDE, PAGE_SIDE]));
  }

  function inkOnMap(ink) {
    const share = ([x, y]) => [x / page.width_px, -y / page.height_px];
    return ([left, bottom], [right, top]) => ink(share([left, top]), share([right, bottom]));
  }

  function limitZoom() {
    map.setMinZoom(-20);
    const zoom = map.getBoundsZoom(bounds());
    map.setMaxZoom(Math.max(MOST_ZOOM, zoom + 3));
    plan.fit({ animate: false });
    map.setMinZoom(zoom - 1);
    map.setMaxBounds(bounds().pad(0.75));
  }

  function roomLayer(room) {
    const sure = room.corrected || room.confirmed ? "person" : "machine";
    const layer = L.polygon(room.polygon.map(plan.toMap), { className: `room ${sure}`, renderer, bubblingMouseEvents: false });
    layer.on("click", () => onSelect(room.id));
    layer.on("dblclick", (event) => L.DomEvent.stop(event));
    return layer.addTo(map);
  }

  function mark(id, on) {
    const layer = layers.get(id);
    layer?.getElement()?.classList.toggle("selected", on);
    if (on) layer?.bringToFront();
  }

  function revealRoom(layer) {
    if (!map.getBounds().contains(layer.getBounds())) map.panInsideBounds(layer.getBounds().pad(0.2));
  }

  map.on("click", () => onSelect(null));
  const moved = () => (whole = false);
  map.on("dragstart dblclick", moved);
  for (const event of ["wheel", "keydown", "touchmove"]) container.addEventListener(event, moved, { passive: true });
  const resizing = new ResizeObserver(() => {
    const wasWhole = whole;
    map.invalidateSize({ pan: false });
    if (page && wasWhole) plan.fit({ animate: false });
  });
  resizing.observe(container);
  plan.controls = createControls();
  return plan;
}

/** Within the page, with the two decimals that the service keeps. */
function onPage(coordinate) {
  return Math.round(Math.min(PAGE_SIDE, Math.max(0, coordinate)) * 100) / 100;
}

function createMap(container) {
  const still = REDUCED_MOTION.matches;
  return L.map(container, {
    crs: L.CRS.Simple,
    attributionControl: false,
    zoomControl: false,
    zoomSnap: 0,
    zoomDelta: 0.7,
    wheelPxPerZoomLevel: 140,
    wheelDebounceTime: 20,
    zoomAnimation: !still,
    fadeAnimation: false,
    inertia: !still,
    maxBoundsViscosity: 0.6,
    center: [0, 0],
    zoom: 0,
  });
}
