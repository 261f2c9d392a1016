/* The picture of the page under the rooms: an overview at once, and a sharp picture of the visible part once the view
 * has settled and the overview is too coarse for it.
 *
 *   createSheet(map, plan, {page, pictures, sharp, bounds}) → {remove()}
 */

import { el } from "./dom.js";
import { errorWords } from "./words.js";

const L = window.L;
const OVERVIEW_PX = 2000;
const MOST_PX = 4000;
const LEAST_PX = 64;
const SETTLED_MS = 250;
const COARSE = 1.15; // pixels of the screen for one of the picture, beyond which it looks soft
const MARGIN = 0.15; // of the view, asked for beyond its edges

export function createSheet(map, plan, { page, pictures, sharp, bounds }) {
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
