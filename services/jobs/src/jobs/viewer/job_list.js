/* One's jobs, newest first, with their state and the day each is deleted.
 *
 *   createJobList({signal}) → {element, load(), follow()}
 *
 * load reads what is shown anew, and again while a job is at work; follow does so at the next turn where that goes on
 * already, as for each of many files that are sent.
 */

import { hasEnded, pause, request, seen } from "./api.js";
import { announce, el, speak } from "./dom.js";
import { eraseJob } from "./erase.js";
import { dayWords, errorWords, fileName, folderName, momentWords, sizeWords, statusWord } from "./words.js";

const FIRST = 20;
const MORE = 50;
const MOST_A_REQUEST = 100;
const AGAIN_SECONDS = 2;
const AWAY_SECONDS = 5;
const AWAY = ["NETWORK", "SERVICE_UNAVAILABLE"];

export function createJobList({ signal }) {
  const rows = el("ul", { class: "jobs" });
  const more = el("button", { type: "button", hidden: true, onclick: showMore }, "Show more");
  const note = el("p", { class: "muted" }, "");
  const element = el("section", { class: "list", "aria-labelledby": "jobs-title" }, el("h2", { id: "jobs-title" }, "Your plans"), note, rows, more);
  let made = new Map(); // rows by what they show, so that one that did not change stays under the pointer
  let wanted = FIRST;
  let firstNew = null;
  let turn = 0;
  let following = false;

  async function load() {
    const mine = ++turn;
    const isMine = () => mine === turn && !signal.aborted;
    following = true;
    while (isMine()) {
      try {
        const { jobs, isAll } = await read();
        if (!isMine()) return;
        show(jobs, isAll);
        if (jobs.every(hasEnded)) break;
        await pause(AGAIN_SECONDS, signal);
        await seen(signal);
      } catch (error) {
        if (error.name === "AbortError" || !isMine()) return;
        note.textContent = errorWords(error);
        if (!AWAY.includes(error.code)) break;
        await pause(AWAY_SECONDS, signal).catch(() => {});
      }
    }
    if (isMine()) following = false;
  }

  /** The jobs that are to be shown, from the newest on, and whether there are no others. */
  async function read() {
    const jobs = [];
    let cursor = null;
    do {
      const limit = Math.min(MOST_A_REQUEST, wanted - jobs.length);
      const from = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
      const { data } = await request("GET", `/jobs?limit=${limit}${from}`, { signal });
      jobs.push(...data.jobs);
      cursor = data.next_cursor;
    } while (cursor && jobs.length < wanted);
    return { jobs, isAll: cursor === null };
  }

  function show(jobs, isAll) {
    const texts = jobs.map((job) => JSON.stringify(job));
    made = new Map(texts.map((text, index) => [text, made.get(text) ?? row(jobs[index], load)]));
    const shown = [...made.values()];
    const isSame = shown.length === rows.children.length && shown.every((item, index) => item === rows.children[index]);
    if (!isSame) keepingFocus(rows, () => rows.replaceChildren(...shown));
    more.hidden = isAll;
    focusNew();
    note.textContent = shown.length ? "" : "No plans yet. What you drop above is listed here.";
  }

  function showMore() {
    firstNew = rows.children.length;
    wanted = firstNew + MORE;
    load();
  }

  /** The button that was pressed stands behind what is new, or is gone. */
  function focusNew() {
    if (firstNew === null || firstNew >= rows.children.length) return;
    rows.children[firstNew].querySelector("a").focus({ preventScroll: true });
    speak(`${rows.children.length} plans are listed.`);
    firstNew = null;
  }

  return { element, load, follow: () => following || load() };
}

/** The control that had the focus has it again afterwards; where its row is gone, the row in its place. */
function keepingFocus(rows, replace) {
  const focused = rows.contains(document.activeElement) ? document.activeElement : null;
  const place = focused && [...rows.children].indexOf(focused.closest("li"));
  replace();
  if (!focused || focused === document.activeElement) return;
  const kept = document.getElementById(focused.id) ?? rows.children[Math.min(place, rows.children.length - 1)]?.querySelector("a");
  kept?.focus({ preventScroll: true });
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
      el("span", { class: "muted" }, factsOf(job)),
    ),
    el("span", { class: "state", "data-status": job.status }, stateWords(job)),
    el("span", { class: "muted kept" }, `kept until ${dayWords(job.expires_at)}`),
    el(
      "span",
      { class: "actions" },
      hasEnded(job) ? null : button("cancel", "Cancel", act(() => request("DELETE", `/jobs/${job.job_id}`), "Cancelled.")),
      button("erase", "Erase…", act(() => eraseJob(job), "Erased.")),
    ),
  );
}

function factsOf(job) {
  const pages = job.page_count > 1 ? `${job.page_count} pages` : null;
  return [folderName(job), pages, sizeWords(job.blueprint_size_bytes), `sent ${momentWords(job.created_at)}`].filter(Boolean).join(" · ");
}

function stateWords(job) {
  if (job.status === "processing" && job.pages?.asked > 1) return `${job.pages.done} of ${job.pages.asked} pages`;
  if (job.status === "pending" && !job.pages) return "Not looked at";
  const rooms = job.status === "completed" && /^\d+ rooms?/.exec(job.message)?.[0];
  return [rooms || statusWord(job.status), job.degraded?.length && "incomplete"].filter(Boolean).join(", ");
}
