/* The service, as the page talks to it.
 *
 *   key.get() / key.set(text) / key.forget()       the API key, in sessionStorage alone; the event "key-entered" of the
 *                                                  document tells of a new one, "key-refused" of one that is not known
 *   request(method, path, {body, headers, signal, keepalive}) → {status, data, headers}; throws ApiError
 *   listPages(jobId, signal) → Map                 by its number, how far each page has come that was asked for
 *   file(path, {signal})                           → {blob, name, headers} of a picture or an export
 *   createPictures(jobId).load(page, {width, region, signal, urgent}) → object URL of a bare page; release(url) after use
 *   watchJob(jobId, onJob, signal)                 calls onJob(job, null) now and after each change, until it is
 *                                                  settled; onJob(null, error) while the service is away
 *
 * Paths begin behind /api/v1. A GET that the service is too busy for is sent again after Retry-After.
 */

const API = "/api/v1";
const KEY_ENTRY = "location-detection-key";
const ATTEMPTS = 4;
const MOST_RETRY_SECONDS = 20;
const WAIT_SECONDS = 20;
const MOST_PAGES = 500;
const POLL_SECONDS = [0.7, 1, 1.5, 2, 3];
const NOT_OF_KEYS = /[^\x21-\x7e]/g; // such as the spaces without width that come along when a key is pasted
const ENDED = ["completed", "failed", "cancelled"];

export class ApiError extends Error {
  constructor(code, message, { status = 0, details = {}, requestId = null, retryAfter = null } = {}) {
    super(message);
    Object.assign(this, { code, status, details, requestId, retryAfter });
  }
}

export const key = {
  get: () => sessionStorage.getItem(KEY_ENTRY),
  set(text) {
    sessionStorage.setItem(KEY_ENTRY, text.replace(NOT_OF_KEYS, ""));
    document.dispatchEvent(new CustomEvent("key-entered"));
  },
  forget: () => sessionStorage.removeItem(KEY_ENTRY),
};

export const hasEnded = (job) => ENDED.includes(job.status);

/** Whether nothing of a job changes by itself any more: pages may be asked for after it has ended. */
export const isSettled = (job) =>
  job.status === "cancelled" || (hasEnded(job) && (job.pages === null || job.pages.done >= job.pages.asked));

/** `keepalive`: it is sent even if the page is closed meanwhile. */
export async function request(method, path, { body, headers = {}, signal, keepalive = false } = {}) {
  const json = body === undefined ? {} : { "Content-Type": "application/json" };
  const response = await send(method, path, {
    headers: { ...json, ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal,
    keepalive,
  });
  if (response.status === 304) return { status: 304, data: null, headers: response.headers };
  const envelope = await response.json();
  return { status: response.status, data: envelope.data, headers: response.headers };
}

export async function listPages(jobId, signal) {
  const { data } = await request("GET", `/jobs/${jobId}/previews?limit=${MOST_PAGES}`, { signal });
  return new Map(data.previews.map((entry) => [entry.page, entry]));
}

/** A file of the service, such as a picture or an export, with the name it should be saved under. */
export async function file(path, { signal } = {}) {
  const response = await send("GET", path, { signal });
  const name = nameIn(response.headers.get("Content-Disposition") ?? "");
  return { blob: await response.blob(), name, headers: response.headers };
}

/** Of RFC 6266: the name in all its letters, else the one in ASCII, else null. */
function nameIn(disposition) {
  const inFull = /filename\*=UTF-8''([^;]+)/i.exec(disposition);
  if (inFull) return decodeURIComponent(inFull[1]);
  return /filename="?([^";]+)"?/i.exec(disposition)?.[1] ?? null;
}

async function send(method, path, options) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sendOnce(method, path, options);
    } catch (error) {
      const mayRepeat = method === "GET" && attempt < ATTEMPTS && [429, 503].includes(error.status);
      if (!mayRepeat) throw error;
      await pause(Math.min(error.retryAfter ?? attempt, MOST_RETRY_SECONDS), options.signal);
    }
  }
}

async function sendOnce(method, path, { headers = {}, body, signal, keepalive = false }) {
  const usedKey = key.get();
  let response;
  try {
    response = await fetch(API + path, { method, body, signal, keepalive, headers: { ...headers, "X-API-Key": usedKey ?? "" } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError("NETWORK", "The service cannot be reached.");
  }
  if (response.ok || response.status === 304) return response;
  throw errorOf(response.status, await response.text(), response.headers.get("Retry-After"), usedKey);
}

/** The error of an answer's envelope; also for answers that come from in between and have none. `usedKey`: as it was sent. */
export function errorOf(status, text, retryAfter, usedKey) {
  let envelope = null;
  try {
    envelope = JSON.parse(text);
  } catch {
    // not the service's own answer
  }
  const { code = "SERVICE_UNAVAILABLE", message = `The service answered ${status}.`, details } = envelope?.error ?? {};
  const error = new ApiError(code, message, {
    status,
    details,
    requestId: envelope?.meta?.request_id,
    retryAfter: retryAfter ? Number(retryAfter) : null,
  });
  if (code === "UNAUTHORIZED" && usedKey === key.get()) document.dispatchEvent(new CustomEvent("key-refused"));
  return error;
}

export function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new DOMException("stopped", "AbortError"));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/**
 * Where the service can wait for a change (`Preference-Applied`) the page has it wait; elsewhere, and where it answers
 * at once that nothing has changed, the page asks now and then. A tab that nobody looks at asks nothing.
 */
export async function watchJob(jobId, onJob, signal) {
  let etag = null;
  let unchanged = 0;
  for (;;) {
    const began = performance.now();
    const answer = await readJob(jobId, etag, signal, (error) => onJob(null, error));
    if (answer?.status === 200) {
      etag = answer.headers.get("ETag");
      unchanged = 0;
      onJob(answer.data, null);
      if (isSettled(answer.data)) return;
    } else unchanged += 1;
    const waited = answer?.headers.has("Preference-Applied") && performance.now() - began > 1000 * POLL_SECONDS[0];
    const retryAfter = Number(answer?.headers.get("Retry-After"));
    if (!waited && answer?.status !== 200) await pause(retryAfter || POLL_SECONDS[Math.min(unchanged, POLL_SECONDS.length - 1)], signal);
    await seen(signal);
  }
}

async function readJob(jobId, etag, signal, onProblem) {
  const headers = etag ? { "If-None-Match": etag, Prefer: `wait=${WAIT_SECONDS}` } : {};
  try {
    return await request("GET", `/jobs/${jobId}`, { headers, signal });
  } catch (error) {
    if (error.code !== "NETWORK" && error.code !== "SERVICE_UNAVAILABLE") throw error;
    onProblem(error);
    return null;
  }
}

/** Resolves at once, or when somebody looks at the tab again. */
export function seen(signal) {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true, signal }));
}

/** One picture at a time, since the service draws one at a time; those of the plan (`urgent`) before thumbnails. */
export function createPictures(jobId) {
  const waiting = [];
  let busy = false;

  async function next() {
    if (busy || waiting.length === 0) return;
    busy = true;
    const { path, signal, resolve, reject } = waiting.shift();
    try {
      signal?.throwIfAborted();
      resolve(URL.createObjectURL((await file(path, { signal })).blob));
    } catch (error) {
      reject(error);
    }
    busy = false;
    next();
  }

  return {
    load(page, { width, region = null, signal, urgent = false }) {
      const part = region ? `&region=${region.join(",")}` : "";
      const path = `/jobs/${jobId}/preview/image?page=${page}&rooms=false&width=${width}${part}`;
      return new Promise((resolve, reject) => {
        const wanted = { path, signal, resolve, reject };
        if (urgent) waiting.unshift(wanted);
        else waiting.push(wanted);
        next();
      });
    },
    release: (url) => URL.revokeObjectURL(url),
  };
}
