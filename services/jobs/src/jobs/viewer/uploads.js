/* Files on their way to the service. They go on while other views are looked at.
 *
 *   uploads.element           the list of them
 *   uploads.add(files, pages) sends them; each job that is made is told by the event "job-created" of the document, with
 *                             {job, alone} as its detail; alone: it was the only file, so its plan may be opened
 *   uploads.stop()            stops them all
 *   filesOf(dataTransfer)     Promise of the plans among what was dropped, folders searched
 *
 * Files over 8 MB go straight to storage by a presigned form. Each file has an idempotency key, so sending it again
 * after a failure makes one job.
 */

import { ApiError, errorOf, key, request } from "./api.js";
import { el, speak } from "./dom.js";
import { errorWords, sizeWords } from "./words.js";

const LARGE_BYTES = 8_000_000;
const MOST_BYTES = 52_428_800;
const AT_ONCE = 2;
const MAY_REPEAT = [0, 401, 403, 404, 408, 409, 429, 500, 502, 503, 504]; // another time the same file may be taken
const NAMES = /\.(png|jpe?g|pdf)$/i;

export const uploads = createUploads();

function createUploads() {
  const element = el("ul", { class: "uploads", "aria-label": "Uploads" });
  const waiting = [];
  const running = new Set();

  function add(files, pages) {
    for (const file of files) {
      const entry = row(file, file.name.toLowerCase().endsWith(".pdf") ? pages : "1", files.length === 1);
      entry.again.addEventListener("click", () => wait(entry));
      element.append(entry.item);
      wait(entry);
    }
  }

  function wait(entry) {
    entry.wait();
    waiting.push(entry);
    next();
  }

  function next() {
    while (running.size < AT_ONCE && waiting.length) send(waiting.shift());
  }

  async function send(entry) {
    if (entry.stopping.signal.aborted) return;
    running.add(entry);
    try {
      entry.progress(0);
      const job = await createJob(entry);
      entry.item.remove();
      speak(`${entry.file.name} is sent.`);
      document.dispatchEvent(new CustomEvent("job-created", { detail: { job, alone: entry.alone } }));
    } catch (error) {
      if (error.name !== "AbortError") entry.fail(error);
    }
    running.delete(entry);
    next();
  }

  function stop() {
    for (const entry of [...waiting.splice(0), ...running]) entry.stop();
  }

  window.addEventListener("beforeunload", (event) => running.size && event.preventDefault());
  return { element, add, stop };
}

function row(file, pages, alone) {
  const stopping = new AbortController();
  const stop = () => {
    stopping.abort();
    item.remove();
  };
  const bar = el("progress", { max: 1, value: 0, "aria-label": `Upload of ${file.name}` });
  const note = el("span", { class: "muted" });
  const again = el("button", { type: "button", class: "small" }, "Send again");
  const away = el("button", { type: "button", class: "small", onclick: stop }, "Cancel");
  const item = el("li", { class: "upload" }, el("b", {}, file.name), bar, note, again, away);
  const say = (text, { failed = false, mayRepeat = false } = {}) => {
    note.textContent = text;
    again.hidden = !mayRepeat;
    bar.hidden = failed;
    away.textContent = failed ? "Dismiss" : "Cancel";
    item.classList.toggle("failed", failed);
  };
  return {
    file,
    pages,
    alone,
    item,
    again,
    stop,
    stopping,
    idempotencyKey: randomKey(),
    wait: () => say("waits"),
    progress(share) {
      bar.value = share;
      say(share < 1 ? `${Math.floor(share * 100)} % of ${sizeWords(file.size)}` : "sent, being checked");
    },
    fail(error) {
      say(errorWords(error), { failed: true, mayRepeat: MAY_REPEAT.includes(error.status) });
      speak(`${file.name} was not sent. ${errorWords(error)}`);
    },
  };
}

async function createJob(entry) {
  const { file } = entry;
  const { signal } = entry.stopping;
  if (file.size > MOST_BYTES) throw new ApiError("FILE_TOO_LARGE", "", { status: 413 });
  if (file.size > LARGE_BYTES) return createFromStorage(entry);
  const form = new FormData();
  form.append("pages", entry.pages);
  form.append("file", file, file.name);
  const headers = { "X-API-Key": key.get() ?? "", "Idempotency-Key": entry.idempotencyKey };
  return JSON.parse(await post("/api/v1/jobs", form, headers, entry.progress, signal)).data;
}

async function createFromStorage(entry) {
  const { file } = entry;
  const { signal } = entry.stopping;
  const headers = { "Idempotency-Key": entry.idempotencyKey };
  if (!entry.uploadId) {
    const { data } = await request("POST", "/uploads", { body: { filename: file.name }, signal });
    const form = new FormData();
    for (const [name, value] of Object.entries(data.fields)) form.append(name, value);
    form.append("file", file, file.name);
    await post(data.url, form, {}, entry.progress, signal);
    entry.uploadId = data.upload_id;
  }
  try {
    const body = { blueprint: { upload_id: entry.uploadId }, options: { pages: entry.pages } };
    return (await request("POST", "/jobs", { body, headers, signal })).data;
  } catch (error) {
    if (error.code !== "NETWORK" && error.status < 500) entry.uploadId = null;
    throw error;
  }
}

/** A form sent with its progress told, which fetch cannot do; the answer's text. */
function post(url, form, headers, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    sending.open("POST", url);
    for (const [name, value] of Object.entries(headers)) sending.setRequestHeader(name, value);
    sending.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total ? loaded / total : 0));
    sending.addEventListener("error", () => reject(new ApiError("NETWORK", "")));
    sending.addEventListener("abort", () => reject(new DOMException("stopped", "AbortError")));
    sending.addEventListener("load", async () => {
      if (sending.status < 300) return resolve(sending.responseText);
      const ours = url.startsWith("/");
      reject(ours ? await errorOf(sending.status, sending.responseText, sending.getResponseHeader("Retry-After")) : new ApiError("UPLOAD_REFUSED", ""));
    });
    signal.addEventListener("abort", () => sending.abort(), { once: true });
    sending.send(form);
  });
}

function randomKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function filesOf(dataTransfer) {
  const entries = [...dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const found = entries.length ? (await Promise.all(entries.map(filesBelow))).flat() : [...dataTransfer.files];
  return found.filter((file) => NAMES.test(file.name));
}

async function filesBelow(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    for (const child of some) found.push(...(await filesBelow(child)));
  }
}
