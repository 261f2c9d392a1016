/* The pages of a document as thumbnails, each with its state. A thumbnail is loaded when it comes into view.
 *
 *   createPageStrip(container, {jobId, count, page, pictures, onEntry, signal}) → {update()}   update reads the states
 *   anew and tells onEntry that of the shown page, or null where nobody has asked for it
 */

import { request } from "./api.js";
import { el } from "./dom.js";
import { errorWords, statusWord } from "./words.js";

const THUMBNAIL_PX = 160;
const LIST_LIMIT = 500;

export function createPageStrip(container, { jobId, count, page, pictures, onEntry, signal }) {
  const tiles = Array.from({ length: count }, (_, index) => tile(jobId, index + 1, page));
  const pending = new Set(tiles);
  const seen = new IntersectionObserver(onSeen, { root: container, rootMargin: "200px" });
  container.hidden = false;
  container.replaceChildren(el("ol", {}, ...tiles.map(({ item }) => item)));
  tiles[page - 1]?.link.scrollIntoView({ block: "nearest", inline: "center" });
  signal.addEventListener("abort", () => seen.disconnect());
  update();

  async function update() {
    try {
      const { data } = await request("GET", `/jobs/${jobId}/previews?limit=${LIST_LIMIT}`, { signal });
      for (const entry of data.previews) tiles[entry.page - 1]?.say(entry);
      onEntry(data.previews.find((entry) => entry.page === page) ?? null);
    } catch {
      return; // the next change of the job asks again
    }
    for (const { item, status } of pending) if (status() === "completed") seen.observe(item);
  }

  function onSeen(entries) {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      const shown = tiles.find(({ item }) => item === target);
      if (pending.delete(shown)) load(shown);
    }
  }

  async function load({ picture, number }) {
    try {
      picture.src = await pictures.load(number, { width: THUMBNAIL_PX, signal });
      picture.addEventListener("load", () => pictures.release(picture.src), { once: true });
      picture.hidden = false;
    } catch {
      // a thumbnail less; the page itself says why
    }
  }

  return { update };
}

function tile(jobId, number, current) {
  const picture = el("img", { alt: "", hidden: true });
  const note = el("small", {}, "not looked at");
  const link = el(
    "a",
    { href: `#job=${jobId}&page=${number}`, "aria-current": number === current ? "page" : null },
    el("span", { class: "thumbnail" }, picture),
    el("span", { class: "page-number" }, `Page ${number}`),
    note,
  );
  const item = el("li", {}, link);
  let shown = null;
  return {
    item,
    link,
    number,
    picture,
    status: () => shown?.status ?? null,
    say(entry) {
      shown = entry;
      item.dataset.status = entry.degraded.length ? "degraded" : entry.status;
      note.textContent = noteWords(entry);
      link.title = entry.error ? errorWords(entry.error) : "";
    },
  };
}

function noteWords({ status, rooms, degraded }) {
  if (status !== "completed") return statusWord(status);
  const found = rooms === 1 ? "1 room" : `${rooms} rooms`;
  return degraded.length ? `${found}, incomplete` : found;
}
