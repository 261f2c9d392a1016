/* The picture of the page under the rooms: an overview at once, and a sharp picture of the visible part once the view
 * has settled and the overview is too coarse for it.
 *
 *   createSheet(map, plan, {page, pictures, sharp, bounds, onPicture}) → {remove()}
 *   onPicture(ink): of the whole page; ink([left, top], [right, bottom]) is how much is printed in a part of it, from 0
 *   (nothing) to 1; corners are shares of the page's width and height
 */

import { el } from "./dom.js";
import { errorWords } from "./words.js";

const L = window.L;
const OVERVIEW_PX = 2000;
const MOST_PX = 4000;
const LEAST_PX = 64;
const SETTLED_MS = 250;
const INK_PX = 800;
const COARSE = 1.15; // pixels of the screen for one of the picture, beyond which it looks soft
const MARGIN = 0.15; // of the view, asked for beyond its edges

export function createSheet(map, plan, { page, pictures, sharp, bounds, onPicture }) {
  const stopping = new AbortController();
  const overviewScale = Math.min(1, OVERVIEW_PX / Math.max(page.width_px, page.height_px));
  const paper = L.rectangle(bounds, { className: "paper", interactive: false, renderer: L.svg({ pane: "tilePane", padding: 0.5 }) }).addTo(map);
  const again = el("button", { type: "button", class: "small", onclick: () => showOverview() }, "Load it again");
  const failed = el("p", { class: "notice warn picture-failed", role: "alert" }, "", again);
  let overview = null;
  let detail = null;
  let loading = null;
  let timer = null;

  async function picture(width, region, signal) {
    const asked = Math.max(LEAST_PX, Math.round(width));
    return pictures.load(page.number, { width: asked, region, signal, urgent: true });
  }

  function overlay(url, where, zIndex) {
    const shown = L.imageOverlay(url, where, { className: "sheet", zIndex, alt: "" });
    shown.once("load", () => pictures.release(url));
    return shown.addTo(map);
  }

  function screenPixelsPerPagePixel() {
    return 2 ** map.getZoom() * devicePixelRatio;
  }

  function pictureScale() {
    return sharp() ? screenPixelsPerPagePixel() : Math.min(1, screenPixelsPerPagePixel());
  }

  function dropDetail() {
    detail?.remove();
    detail = null;
  }

  async function sharpen() {
    loading?.abort();
    if (pictureScale() <= overviewScale * COARSE) return dropDetail();
    const [[left, top], [right, bottom]] = visiblePart();
    if (right - left < 1 || bottom - top < 1) return dropDetail();
    const width = Math.min(MOST_PX, (((right - left) * page.width_px) / 1000) * pictureScale());
    loading = new AbortController();
    const { signal } = loading;
    try {
      const url = await picture(width, [left, top, right, bottom], signal);
      if (signal.aborted) return pictures.release(url);
      const old = detail;
      detail = overlay(url, L.latLngBounds(plan.toMap([left, top]), plan.toMap([right, bottom])), 3);
      detail.once("load", () => old?.remove());
    } catch {
      // the overview is there; the next move asks again
    }
  }

  function visiblePart() {
    const view = map.getBounds().pad(MARGIN);
    return [plan.toPage(view.getNorthWest()), plan.toPage(view.getSouthEast())];
  }

  const onMove = () => {
    clearTimeout(timer);
    timer = setTimeout(sharpen, SETTLED_MS);
  };
  map.on("moveend", onMove);

  async function showOverview() {
    failed.remove();
    try {
      const url = await picture(page.width_px * overviewScale, null, stopping.signal);
      if (stopping.signal.aborted) return pictures.release(url);
      overview = overlay(url, bounds, 2);
      overview.once("load", () => onPicture(inkOf(overview.getElement())));
      onMove();
    } catch (error) {
      if (error.name === "AbortError") return;
      failed.firstChild.textContent = `The picture of the page could not be loaded. ${errorWords(error)} `;
      map.getContainer().append(failed);
    }
  }

  showOverview();

  return {
    remove() {
      clearTimeout(timer);
      stopping.abort();
      failed.remove();
      loading?.abort();
      map.off("moveend", onMove);
      [paper, overview, detail].forEach((layer) => layer?.remove());
    },
  };
}

function inkOf(image) {
  const scale = Math.min(1, INK_PX / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return inkOfPixels(context.getImageData(0, 0, canvas.width, canvas.height));
}

/** Of RGBA values in rows, by a table of the darkness above and to the left of each pixel. */
export function inkOfPixels({ data, width, height }) {
  const row = width + 1;
  const sums = new Float64Array(row * (height + 1));
  for (let y = 1; y <= height; y += 1) {
    let along = 0;
    for (let x = 1; x <= width; x += 1) {
      const at = 4 * ((y - 1) * width + x - 1);
      along += 1 - (data[at] + data[at + 1] + data[at + 2]) / (3 * 255);
      sums[y * row + x] = sums[(y - 1) * row + x] + along;
    }
  }
  const isLightOnDark = sums.at(-1) > (width * height) / 2;
  const within = (share, most) => Math.round(Math.min(1, Math.max(0, share)) * most);
  return ([left, top], [right, bottom]) => {
    const [x1, x2] = [within(left, width), within(right, width)];
    const [y1, y2] = [within(top, height), within(bottom, height)];
    if (x1 >= x2 || y1 >= y2) return 0;
    const sum = sums[y2 * row + x2] - sums[y1 * row + x2] - sums[y2 * row + x1] + sums[y1 * row + x1];
    const darkness = sum / ((x2 - x1) * (y2 - y1));
    return isLightOnDark ? 1 - darkness : darkness;
  };
}
