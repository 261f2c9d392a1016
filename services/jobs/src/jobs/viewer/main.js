/* The page at `/`: what the address asks for becomes a view.
 *
 *   #                      one's plans, and where new ones are dropped
 *   #job=job_…&page=2      a plan, its rooms and tools
 *   #key=…                 a key, which is taken out of the address and kept for this tab, once the person agrees
 *
 * A view is a function (main, address, signal) that fills `main`; `signal` is aborted when another takes its place.
 */

import { key } from "./api.js";
import { announce, ask, hush } from "./dom.js";

/** There the key is of this machine's own service: `make run` prints it. */
const IS_LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(location.hostname);
const JOB_ID = /^job_[\w-]{1,80}$/;
const main = document.getElementById("main");
const forget = document.getElementById("forget-key");
let current = new AbortController();
let shownBefore = false; // a reader of the screen is told of every view but the first by the focus

function readAddress() {
  const asked = new URLSearchParams(location.hash.slice(1));
  if (asked.has("job") && !JOB_ID.test(asked.get("job"))) announce("This address names no plan.");
  return { jobId: JOB_ID.exec(asked.get("job"))?.[0] ?? null, page: Math.max(1, Number(asked.get("page")) || 1) };
}

/** Whether the address brought a key that is used from now on. */
function takesKey() {
  const asked = new URLSearchParams(location.hash.slice(1));
  if (!asked.has("key")) return false;
  const brought = asked.get("key");
  asked.delete("key");
  history.replaceState(null, "", asked.size ? `#${asked}` : location.pathname);
  if (brought === key.get()) return false;
  if (!IS_LOOPBACK) {
    askToUse(brought);
    return false;
  }
  if (key.get()) announce("The key of this address is used from now on.");
  key.set(brought);
  return true;
}

/** A link could bring the key of somebody else, who would then have what is sent: it needs the person's word. */
async function askToUse(brought) {
  const agreed = await ask({
    title: "Use the key of this address?",
    text: "The plans that you send go to the owner of that key. Agree only if you trust whoever gave you the address.",
    yes: "Use this key",
    no: "Leave it",
  });
  if (!agreed) return;
  hush();
  key.set(brought);
}

async function show() {
  if (takesKey()) return; // then "key-entered" shows the page
  const address = readAddress();
  current.abort();
  current = new AbortController();
  const { signal } = current;
  forget.hidden = key.get() === null;
  document.body.dataset.view = address.jobId && key.get() ? "job" : "home";
  const loading = address.jobId && key.get() ? import("./job_view.js") : import("./home_view.js");
  const view = await loading.catch(() => announce("This page could not be loaded. Check the connection, then try again."));
  if (!view || signal.aborted) return;
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

// A file dropped beside its place would take the page away. One dropped on a plan is a new plan.
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", async (event) => {
  event.preventDefault();
  if (document.body.dataset.view !== "job" || event.dataTransfer.files.length === 0) return;
  const files = [...event.dataTransfer.files]; // which are gone once this handler waits
  const { chosenPlans } = await import("./plan_files.js");
  const { plans } = chosenPlans(files);
  if (plans.length === 0) return announce("What was dropped is no PNG, JPG or PDF.");
  (await import("./uploads.js")).uploads.add(plans, "1");
  location.hash = "";
});

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
