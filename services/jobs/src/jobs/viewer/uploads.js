/* Files on their way to the service. They go on while other views are looked at.
 *
 *   uploads.element           the list of them
 *   uploads.add(plans, pages) sends plans of plan_files.js; each job that is made is told by the event "job-created" of
 *                             the document, with {job, alone} as its detail; alone: it was the only plan, so it may be
 *                             opened
 *   uploads.stop()            stops them all
 *   uploads.sentAs(jobId)     the file that this tab made the job of, or null
 *
 * Files over 8 MB go straight to storage by a presigned form. Each file has an idempotency key, so sending it again
 * after a failure makes one job. A file that the service is too busy for is sent again by itself. Without a key all wait.
 */

import { ApiError, errorOf, key, pause, request } from "./api.js";
import { el, speak } from "./dom.js";
import { errorWords, sizeWords } from "./words.js";

const LARGE_BYTES = 8_000_000;
const MOST_BYTES = 52_428_800;
const AT_ONCE = 2;
const MAY_REPEAT = [0, 401, 403, 404, 408, 409, 429, 500, 502, 503, 504]; // another time the same file may be taken
const BUSY = [429, 503];
const LEAVES_UPLOAD = [0, 401, 429]; // what was sent to storage is good for the next try
const MOST_TRIES = 4;
const MOST_RETRY_SECONDS = 60; // beyond which a person is asked: the pages of a day may be used up
const MOST_NAME = 1024;

export const uploads = createUploads();

function createUploads() {
  const rows = el("ul", { "aria-label": "Uploads" });
  const count = el("p");
  const all = el("div", { class: "row upload-sum", hidden: true }, count, el("button", { type: "button", class: "small", onclick: stop }, "Cancel all"));
  const element = el("section", { class: "uploads", "aria-label": "Uploads" }, all, rows);
  const waiting = [];
  const running = new Set();
  const files = new Map(); // by the job that was made of each
  const unsent = new Set(); // sent again once there is a connection
  let asked = 0; // since nothing was under way
  let sent = 0;

  function add(plans, pages) {
    for (const { file, folder } of plans) {
      const entry = row(file, folder, file.name.toLowerCase().endsWith(".pdf") ? pages : "1", plans.length === 1, tell);
      entry.again.addEventListener("click", () => wait(entry));
      rows.append(entry.item);
      wait(entry);
    }
  }

  function wait(entry) {
    asked += 1;
    unsent.delete(entry);
    entry.wait();
    waiting.push(entry);
    next();
  }

  function next() {
    while (key.get() && running.size < AT_ONCE && waiting.length) send(waiting.shift());
    tell();
  }

  async function send(entry) {
    if (entry.stopping.signal.aborted) return;
    running.add(entry);
    try {
      entry.progress(0);
      const job = await createJobPatiently(entry);
      sent += 1;
      files.set(job.job_id, entry.file);
      entry.item.remove();
      if (entry.alone) speak(`${entry.file.name} is sent.`);
      document.dispatchEvent(new CustomEvent("job-created", { detail: { job, alone: entry.alone } }));
    } catch (error) {
      await putAside(entry, error);
    }
    running.delete(entry);
    next();
  }

  async function putAside(entry, error) {
    if (error.name === "AbortError") return;
    if (error.code === "UNAUTHORIZED") {
      waiting.unshift(entry);
      return entry.wait();
    }
    const isLost = error.code === "NETWORK" && !(await isReadable(entry.file));
    entry.fail(isLost ? new ApiError("FILE_CHANGED", "", { status: 400 }) : error);
    if (error.code === "NETWORK" && !isLost) unsent.add(entry);
  }

  const left = () => running.size + waiting.filter(({ stopping }) => !stopping.signal.aborted).length;

  /** How far several have come. */
  function tell() {
    const toGo = left();
    if (toGo === 0 && sent > 1) speak(`${sent} plans are sent.`);
    if (toGo === 0) asked = sent = 0;
    all.hidden = toGo === 0 || asked < 2;
    count.textContent = `Sending ${asked} plans: ${sent} done, ${toGo} to go${key.get() ? "" : " once a key is entered"}`;
  }

  function retryUnsent() {
    for (const entry of unsent) wait(entry);
  }

  function stop() {
    for (const entry of [...waiting.splice(0), ...running]) entry.stop();
    tell();
  }

  window.addEventListener("online", retryUnsent);
  document.addEventListener("key-entered", next);
  window.addEventListener("beforeunload", (event) => left() && event.preventDefault());
  return { element, add, stop, sentAs: (jobId) => files.get(jobId) ?? null };
}

function row(file, folder, pages, alone, onStop) {
  const stopping = new AbortController();
  const stop = () => {
    stopping.abort();
    item.remove();
    onStop();
  };
  const bar = el("progress", { max: 1, value: 0, "aria-label": `Upload of ${file.name}` });
  const note = el("span", { class: "muted" });
  const again = el("button", { type: "button", class: "small" }, "Send again");
  const away = el("button", { type: "button", class: "small", onclick: stop }, "Cancel");
  const { size } = file; // Chromium looks at the file when it is first asked: one that is gone by then would be empty
  const item = el("li", { class: "upload" }, el("b", { title: folder }, file.name), bar, note, again, away);
  const say = (text, { failed = false, mayRepeat = false } = {}) => {
    note.textContent = text;
    again.hidden = !mayRepeat;
    bar.hidden = failed;
    away.textContent = failed ? "Dismiss" : "Cancel";
    item.classList.toggle("failed", failed);
  };
  return {
    file,
    size,
    name: (folder ? `${folder}/${file.name}` : file.name).slice(-MOST_NAME),
    pages,
    alone,
    item,
    again,
    stop,
    stopping,
    idempotencyKey: randomKey(),
    wait: (why = key.get() ? "waits" : "waits for your key") => say(why),
    progress(share) {
      bar.value = share;
      say(share < 1 ? `${Math.floor(share * 100)} % of ${sizeWords(size)}` : "sent, being checked");
    },
    fail(error) {
      say(errorWords(error), { failed: true, mayRepeat: MAY_REPEAT.includes(error.status) });
      speak(`${file.name} was not sent. ${errorWords(error)}`);
    },
  };
}

/** Whether a file is still as it was chosen: a browser says of one that is not that the connection failed. */
const isReadable = (file) => file.slice(0, 1).arrayBuffer().then(() => true, () => false);

async function createJobPatiently(entry) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await createJob(entry);
    } catch (error) {
      const seconds = error.retryAfter ?? attempt;
      if (!BUSY.includes(error.status) || attempt === MOST_TRIES || seconds > MOST_RETRY_SECONDS) throw error;
      entry.wait("waits, since the service is busy");
      await pause(seconds, entry.stopping.signal);
    }
  }
}

async function createJob(entry) {
  const { file, size } = entry;
  const { signal } = entry.stopping;
  const usedKey = key.get();
  if (!usedKey) throw new ApiError("UNAUTHORIZED", "");
  if (size === 0) throw new ApiError("FILE_EMPTY", "", { status: 400 });
  if (size > MOST_BYTES) throw new ApiError("FILE_TOO_LARGE", "", { status: 413 });
  if (size > LARGE_BYTES) return createFromStorage(entry);
  const form = new FormData();
  form.append("pages", entry.pages);
  form.append("file", file, entry.name);
  const headers = { "X-API-Key": usedKey, "Idempotency-Key": entry.idempotencyKey };
  return JSON.parse(await post("/api/v1/jobs", form, headers, entry.progress, signal)).data;
}

async function createFromStorage(entry) {
  const { file } = entry;
  const { signal } = entry.stopping;
  const headers = { "Idempotency-Key": entry.idempotencyKey };
  if (!entry.uploadId) {
    const { data } = await request("POST", "/uploads", { body: { filename: entry.name }, signal });
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
    if (error.status < 500 && !LEAVES_UPLOAD.includes(error.status)) entry.uploadId = null;
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
    sending.addEventListener("load", () => {
      if (sending.status < 300) return resolve(sending.responseText);
      const ours = url.startsWith("/");
      const error = () => errorOf(sending.status, sending.responseText, sending.getResponseHeader("Retry-After"), headers["X-API-Key"]);
      reject(ours ? error() : new ApiError("UPLOAD_REFUSED", ""));
    });
    signal.addEventListener("abort", () => sending.abort(), { once: true });
    sending.send(form);
  });
}

function randomKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
