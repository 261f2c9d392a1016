/* What the plan's place says while it has no rooms: how far the work is, or why there are none and what to do.
 *
 *   fillWork(container, {job, entry, failure, onFind})
 *
 * entry: of the page in the list of pages, null where nobody asked for it, undefined where only the job is known;
 * failure: why the service cannot answer the page, or null; onFind(all): asks for its rooms, or for those of all pages.
 */

import { el } from "./dom.js";
import { uploads } from "./uploads.js";
import { errorWords } from "./words.js";

const NOT_BY_TRYING = ["UNREADABLE_BLUEPRINT", "BLUEPRINT_MISSING"];
const MOST_SHOWN_BYTES = 4_000_000;
const MOST_SHOWN_PIXELS = 30_000_000; // more takes a browser too much memory
const PNG_SIZE_AT = 16;
const STEPS = { sent: "Sent", pending: "In the queue", processing: "Finding rooms", completed: "Done" };

export function fillWork(container, { job, entry, failure, onFind }) {
  const status = statusOf(job, entry);
  const error = failure ?? entry?.error ?? job.error;
  const [title, text, button] = failure ? ["No rooms", errorWords(failure), "Try again"] : words(status, job, error);
  const ofAll = status === "unasked" && job.page_count > 1;
  const atWork = !failure && ["pending", "processing"].includes(status);
  const action = button && el("button", { type: "button", class: "primary", onclick: () => onFind(false) }, button);
  const all = ofAll && el("button", { type: "button", onclick: () => onFind(true) }, `Of all ${job.page_count} pages`);
  const shown = [el("h2", {}, title), el("p", {}, text), atWork && progressBar(job), atWork && steps(status), el("div", { class: "row centre" }, action || null, all || null)];
  if (atWork) shown.unshift(pictureOf(job.job_id));
  container.replaceChildren(...shown.filter(Boolean));
}

const pictures = new Map();

/** The plan as it was sent from this tab, which stands behind the words while its rooms are looked for; else null. */
function pictureOf(jobId) {
  if (!pictures.has(jobId)) pictures.set(jobId, uploads.sentAs(jobId) && fill(el("img", { class: "sent", alt: "" }), uploads.sentAs(jobId)));
  return pictures.get(jobId);
}

function fill(image, file) {
  isShown(file).then((shown) => {
    if (!shown) return;
    image.src = URL.createObjectURL(file);
    image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
  });
  return image;
}

async function isShown(file) {
  if (!file.type.startsWith("image/") || file.size > MOST_SHOWN_BYTES) return false;
  if (file.type !== "image/png") return true;
  const size = new DataView(await file.slice(PNG_SIZE_AT, PNG_SIZE_AT + 8).arrayBuffer());
  return size.byteLength === 8 && size.getUint32(0) * size.getUint32(4) <= MOST_SHOWN_PIXELS;
}

/** Of the page, in the words of a job; "unasked" where nobody has asked for its rooms. */
function statusOf(job, entry) {
  if (job.status === "cancelled") return "cancelled";
  if (entry === null) return "unasked";
  if (entry) return { queued: "pending", cancelled: "unasked" }[entry.status] ?? entry.status;
  return job.pages === null && job.status === "pending" ? "unasked" : job.status;
}

/** Title, text and button. */
function words(status, job, error) {
  switch (status) {
    case "pending":
      return ["In the queue", "Its rooms are looked for in its turn. You may close this page meanwhile.", null];
    case "processing":
      return ["Finding the rooms", job.pages?.asked > 1 ? job.message : "Reading the text and the walls.", null];
    case "failed":
      return ["This did not work", errorWords(error ?? {}), NOT_BY_TRYING.includes(error?.code) ? null : "Try again"];
    case "cancelled":
      return ["Cancelled", "This plan was cancelled. Send the file again to find its rooms.", null];
    default:
      return ["Not looked at yet", "The rooms of this page have not been looked for.", "Find the rooms"];
  }
}

function progressBar(job) {
  return el("progress", { max: 100, "aria-label": "Progress", value: job.status === "processing" && job.progress > 0 ? job.progress : null });
}

/** How far the work has come, as a line of steps. */
function steps(status) {
  const names = Object.keys(STEPS);
  const reached = names.indexOf(status);
  const step = (name, index) => el("li", { class: index < reached ? "past" : null, "aria-current": index === reached ? "step" : null }, STEPS[name]);
  return el("ol", { class: "steps", "aria-label": "Steps" }, ...names.map(step));
}
