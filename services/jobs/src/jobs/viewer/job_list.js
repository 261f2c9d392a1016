/* One's jobs, newest first, with their state and the day each is deleted.
 *
 *   createJobList({signal}) → {element, load()}   load reads the first page anew; while a job is at work it is read again
 */

import { hasEnded, pause, request, seen } from "./api.js";
import { announce, el } from "./dom.js";
import { eraseJob } from "./erase.js";
import { dayWords, errorWords, fileName, sizeWords, statusWord } from "./words.js";

const FIRST = 20;
const MOST = 100;
const AGAIN_SECONDS = 2;

export function createJobList({ signal }) {
  const rows = el("ul", { class: "jobs" });
  const more = el("button", { type: "button", hidden: true, onclick: () => show(true) }, "Show more");
  const note = el("p", { class: "muted" }, "");
  const element = el("section", { class: "list", "aria-labelledby": "jobs-title" }, el("h2", { id: "jobs-title" }, "Your plans"), note, rows, more);
  let cursor = null;
  let loading = 0;

  async function load() {
    const mine = ++loading;
    try {
      while (mine === loading) {
        const jobs = await show(false);
        if (jobs.every(hasEnded)) return;
        await pause(AGAIN_SECONDS, signal);
        await seen(signal);
      }
    } catch (error) {
      if (error.name === "AbortError") return;
      note.textContent = errorWords(error);
    }
  }

  async function show(next) {
    const limit = next ? FIRST : Math.min(MOST, Math.max(FIRST, rows.children.length));
    const { data } = await request("GET", `/jobs?limit=${limit}${next ? `&cursor=${encodeURIComponent(cursor)}` : ""}`, { signal });
    cursor = data.next_cursor;
    more.hidden = cursor === null;
    const shown = data.jobs.map((job) => row(job, load));
    if (next) rows.append(...shown);
    else keepingFocus(rows, () => rows.replaceChildren(...shown));
    note.textContent = rows.children.length ? "" : "No plans yet. What you drop above is listed here.";
    return data.jobs;
  }

  return { element, load };
}

/** Rows are made anew; the control that had the focus has it again afterwards. */
function keepingFocus(container, replace) {
  const focused = container.contains(document.activeElement) ? document.activeElement.id : null;
  replace();
  if (focused) document.getElementById(focused)?.focus();
}

function row(job, reload) {
  const act = (call, said) => async () => {
    try {
      if ((await call()) !== false) announce(said);
      reload();
    } catch (error) {
      announce(errorWords(error));
    }
  };
  const button = (name, text, onclick) => el("button", { type: "button", class: "small", id: `${name}-${job.job_id}`, onclick, "aria-label": `${text} ${fileName(job)}` }, text);
  return el(
    "li",
    { class: "job-row" },
    el(
      "a",
      { href: `#job=${job.job_id}`, id: `open-${job.job_id}` },
      el("b", {}, fileName(job)),
      el("span", { class: "muted" }, [job.page_count > 1 ? `${job.page_count} pages, ` : "", sizeWords(job.blueprint_size_bytes)].join("")),
    ),
    el("span", { class: "state", "data-status": job.status }, stateWords(job)),
    el("span", { class: "muted kept" }, `deleted on ${dayWords(job.expires_at)}`),
    el(
      "span",
      { class: "actions" },
      hasEnded(job) ? null : button("cancel", "Cancel", act(() => request("DELETE", `/jobs/${job.job_id}`), "Cancelled.")),
      button("erase", "Erase…", act(() => eraseJob(job), "Erased.")),
    ),
  );
}

function stateWords(job) {
  if (job.status === "processing" && job.pages?.asked > 1) return `${job.pages.done} of ${job.pages.asked} pages`;
  if (job.status === "pending" && !job.pages) return "Not looked at";
  return job.degraded?.length && job.status === "completed" ? "Done, incomplete" : statusWord(job.status);
}
