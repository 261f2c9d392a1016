/* The pages of a document as thumbnails, each with its state. A thumbnail is loaded when it comes into view.
 *
 *   pageStripOf(jobId, count) → strip    that of the document shown before is kept, with its thumbnails
 *   strip.element
 *   strip.show({page, pictures, onEntry, signal})   marks a page, and goes on loading for its view
 *   strip.update()                 reads the states anew and tells onEntry that of the shown page, or null where nobody
 *                                  has asked for it
 *   strip.count(rooms)             how many rooms the shown page has, as corrected
 */

import { listPages } from "./api.js";
import { el } from "./dom.js";
import { errorWords, statusWord } from "./words.js";

const THUMBNAIL_PX = 160;

let kept = null;

export function pageStripOf(jobId, count) {
  if (kept?.jobId !== jobId) kept = { jobId, strip: createPageStrip(jobId, count) };
  return kept.strip;
}

function createPageStrip(jobId, count) {
  const tiles = Array.from({ length: count }, (_, index) => tile(jobId, index + 1));
  const tileOf = new Map(tiles.map((each) => [each.item, each]));
  const pending = new Set(tiles);
  const element = el("nav", { class: "strip", "aria-label": "Pages" }, el("ol", {}, ...tiles.map(({ item }) => item)));
  const seen = new IntersectionObserver(onSeen, { root: element, rootMargin: "200px" });
  let view = null;
  let scrolled = 0; // a browser forgets it while the strip is in no page

  function show(shown) {
    view = shown;
    for (const { link, number } of tiles) {
      if (number === view.page) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    element.scrollLeft = scrolled;
    reveal(tiles[view.page - 1]?.link);
    return update();
  }

  /** Scrolls the strip alone: the plan stays where it is. */
  function reveal(link) {
    if (!link) return;
    const [outer, inner] = [element, link].map((each) => each.getBoundingClientRect());
    const isSeen = outer.left <= inner.left && inner.right <= outer.right;
    if (!isSeen) element.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  }

  async function update() {
    const { page, onEntry, signal } = view;
    try {
      const entries = await listPages(jobId, signal);
      for (const [number, entry] of entries) tiles[number - 1]?.say(entry);
      onEntry(entries.get(page) ?? null);
    } catch {
      return; // the next change of the job asks again
    }
    for (const { item, status } of pending) if (status() === "completed") seen.observe(item);
  }

  function onSeen(entries) {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      const shown = tileOf.get(target);
      if (pending.delete(shown)) load(shown);
    }
  }

  async function load(shown) {
    const { picture, number } = shown;
    const { pictures, signal } = view;
    try {
      picture.src = await pictures.load(number, { width: THUMBNAIL_PX, signal });
      picture.addEventListener("load", () => pictures.release(picture.src), { once: true });
      picture.hidden = false;
    } catch (error) {
      if (error.name === "AbortError") pending.add(shown); // the next page goes on; else the page itself says why
    }
  }

  element.addEventListener("scroll", () => (scrolled = element.scrollLeft), { passive: true });
  return { element, show, update, count: (rooms) => tiles[view.page - 1]?.count(rooms) };
}

function tile(jobId, number) {
  const picture = el("img", { alt: "", hidden: true });
  const note = el("small", {}, "not looked at");
  const link = el(
    "a",
    { href: `#job=${jobId}&page=${number}` },
    el("span", { class: "thumbnail" }, picture),
    el("span", { class: "page-number" }, `Page ${number}`),
    note,
  );
  const item = el("li", {}, link);
  let shown = null;
  let corrected = null;
  const write = () => (note.textContent = noteWords(shown, corrected ?? shown.rooms));
  return {
    item,
    link,
    number,
    picture,
    status: () => shown?.status ?? null,
    say(entry) {
      shown = entry;
      item.dataset.status = entry.degraded.length ? "degraded" : entry.status;
      write();
      link.title = entry.error ? errorWords(entry.error) : "";
    },
    count(rooms) {
      corrected = rooms;
      if (shown) write();
    },
  };
}

function noteWords({ status, degraded }, rooms) {
  if (status !== "completed") return statusWord(status);
  const found = rooms === 1 ? "1 room" : `${rooms} rooms`;
  return degraded.length ? `${found}, incomplete` : found;
}
