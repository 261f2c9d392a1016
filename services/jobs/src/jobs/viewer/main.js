/* The page at `/`: what the address asks for becomes a view.
 *
 *   #                      one's plans, and where new ones are dropped
 *   #job=job_…&page=2      a plan, its rooms and tools
 *   #key=…                 a key, which is kept for this tab and taken out of the address
 *
 * A view is a function (main, address, signal) that fills `main`; `signal` is aborted when another takes its place.
 */

import { key } from "./api.js";
import { announce } from "./dom.js";

const JOB_ID = /^job_[\w-]{1,80}$/;
const main = document.getElementById("main");
const forget = document.getElementById("forget-key");
let current = new AbortController();
let shownBefore = false; // a reader of the screen is told of every view but the first by the focus

function readAddress() {
  const asked = new URLSearchParams(location.hash.slice(1));
  if (asked.has("key")) {
    if (key.get() && key.get() !== asked.get("key")) announce("The key of this address is used from now on.");
    key.set(asked.get("key"));
    asked.delete("key");
    history.replaceState(null, "", asked.size ? `#${asked}` : location.pathname);
  }
  if (asked.has("job") && !JOB_ID.test(asked.get("job"))) announce("This address names no plan.");
  return { jobId: JOB_ID.exec(asked.get("job"))?.[0] ?? null, page: Math.max(1, Number(asked.get("page")) || 1) };
}

async function show() {
  const address = readAddress();
  current.abort();
  current = new AbortController();
  const { signal } = current;
  forget.hidden = key.get() === null;
  document.body.dataset.view = address.jobId && key.get() ? "job" : "home";
  const view = address.jobId && key.get() ? await import("./job_view.js") : await import("./home_view.js");
  if (signal.aborted) return;
  view.open(main, address, signal);
  if (shownBefore) main.focus({ preventScroll: true });
  shownBefore = true;
}

forget.addEventListener("click", async () => {
  (await import("./uploads.js")).uploads.stop();
  key.forget();
  announce("The key is forgotten.");
  show();
});

document.addEventListener("key-refused", () => {
  if (key.get() === null) return;
  key.forget();
  announce("This key is not known, or has expired. Enter another one.");
  show();
});
document.addEventListener("key-entered", show);

// A file dropped beside its place would take the page away.
for (const event of ["dragover", "drop"]) document.addEventListener(event, (dragged) => dragged.preventDefault());

document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // the fragment of the address is for views
  main.focus();
});
document.getElementById("show-help").addEventListener("click", () => document.getElementById("help").showModal());
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, dialog");
  if (event.key === "?" && !typing) document.getElementById("help").showModal();
});

window.addEventListener("hashchange", show);
show();
