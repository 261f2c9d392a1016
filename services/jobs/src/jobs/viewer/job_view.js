/* A plan: the page with its rooms, the list of rooms, pages, downloads, cancel and erase.
 *
 * Tools that correct rooms live in `editor/editor.js`, which is loaded when they are asked for. It exports
 * `openEditor(host) → {rooms, adopt(preview), refresh(), close()}`, and `host` is what it works with:
 *
 *   host.jobId, host.signal         of this view
 *   host.preview()                  the shown preview as answered ({page, scale, rooms, …}), with corrections
 *   host.plan, host.table           plan.js, rooms_table.js
 *   host.selected()                 the id of the selected room, or null; host.select(id)
 *   host.onSelect                   set to be told of each selection: (room or null) => …
 *   host.showPlan()                 brings the plan into sight, where the page is long
 *   host.setRooms(rooms)            shows other rooms on plan and list, before they are saved
 *   host.reload()                   reads the preview again, has the editor adopt it, and shows it
 *   host.toolbar                    an element beside the plan for tools
 */

import { createPictures, hasEnded, isSettled, listPages, pause, request, watchJob } from "./api.js";
import { announce, el, speak, whenPressed } from "./dom.js";
import { createPlan } from "./plan.js";
import { createRoomsTable } from "./rooms_table.js";
import { dayWords, degradedWords, errorWords, fileName, scaleWords, statusWord } from "./words.js";

const FOLLOW_SECONDS = 1.5;
let lastJob = null; // its title stands while another of its pages is read
let correcting = null; // the job whose pages are corrected, so that turning a page keeps the tools in hand

export function open(main, { jobId, page }, signal) {
  const parts = layout(lastJob?.job_id === jobId ? fileName(lastJob) : "Plan");
  main.replaceChildren(...parts.all);
  const plan = createPlan(parts.plan, { onSelect: select });
  parts.stage.append(plan.controls);
  const table = createRoomsTable(parts.rooms, { onSelect: select, onZoom, stage: parts.stage });
  const pictures = createPictures(jobId);
  let job = null;
  let watching = false;
  let preview = null;
  let looked = false; // whether the service has said that there is no preview,
  let failure = null; // or why it cannot be read
  let entry; // of this page in the list of pages; null where nobody asked for the page
  let selected = null;
  let strip = null;
  let editor = null;

  const host = {
    jobId,
    signal,
    plan,
    table,
    toolbar: parts.tools,
    preview: () => preview,
    selected: () => selected,
    select,
    onSelect: null,
    setRooms,
    showPlan,
    reload: readPreview,
  };

  function select(id, { focus = false } = {}) {
    selected = id;
    plan.select(id, { reveal: true });
    table.select(id, { focus });
    host.onSelect?.(preview?.rooms.find((room) => room.id === id) ?? null);
  }

  function onZoom(id) {
    showPlan();
    plan.zoomTo(id);
  }

  function showPlan() {
    parts.stage.scrollIntoView({ block: "nearest" });
  }

  function setRooms(rooms) {
    plan.setRooms(rooms);
    table.setRooms(rooms);
    if (!rooms.some((room) => room.id === selected)) select(null);
  }

  function showJob(read, problem) {
    parts.offline.hidden = problem === null;
    if (problem) parts.offline.textContent = `${errorWords(problem)} What changes is shown once it is back.`;
    if (!read) return;
    const before = job;
    job = lastJob = read;
    showHead();
    if (before && before.status !== job.status) speak(`${fileName(job)}: ${statusWord(job.status)}.`);
    if (looked && !preview) showWork();
    if (looked || preview) openStrip();
    strip?.update();
    if ((!preview || preview.degraded.length) && before) readPreview();
    if (preview) showNotes();
  }

  async function watch() {
    if (watching) return;
    watching = true;
    await watchJob(jobId, showJob, signal).catch((error) => error.name === "AbortError" || showGone(error));
    watching = false;
  }

  function showHead() {
    parts.title.textContent = fileName(job);
    parts.title.title = jobId;
    document.title = `${fileName(job)} – Location Detection`;
    parts.state.textContent = statusWord(job.status);
    parts.state.dataset.status = job.status;
    parts.kept.textContent = `Kept until ${dayWords(job.expires_at)}`;
    parts.cancel.hidden = hasEnded(job);
  }

  /** What the plan's place says while there are no rooms to show. */
  async function showWork() {
    const { fillWork } = await import("./work_panel.js");
    if (preview) return;
    parts.work.hidden = false;
    fillWork(parts.work, { job, entry, failure, onFind: findRooms });
  }

  function onEntry(listed) {
    const changed = listed?.status !== entry?.status;
    entry = listed;
    if (!preview) (changed && entry?.status === "completed" ? readPreview : showWork)();
  }

  async function readPreview() {
    try {
      const { data } = await request("GET", `/jobs/${jobId}/preview?page=${page}&corrected=true`, { signal });
      const first = preview === null;
      const isSame = !editor && preview && shownOf(data) === shownOf(preview);
      preview = data;
      if (!isSame) showPreview(first);
    } catch (error) {
      if (error.code === "JOB_NOT_FOUND") return showGone(error);
      if (error.name === "AbortError" || preview) return;
      looked = true;
      failure = error.code === "PREVIEW_NOT_FOUND" ? null : error;
      if (job) showJob(job, null);
    }
  }

  function showPreview(first) {
    parts.work.hidden = true;
    for (const part of [plan.controls, parts.rooms, parts.withheld, parts.correct]) part.hidden = false;
    if (first) plan.showPage(preview.page, pictures, () => job?.blueprint_format === "pdf");
    setRooms(editor?.adopt(preview) ?? preview.rooms);
    parts.scale.textContent = scaleWords(preview.scale);
    showNotes();
    if (first) speak(`${preview.rooms.length} rooms on page ${page}.`);
    if (job) openStrip();
    strip?.count(preview.rooms.length);
    if (first && correcting === jobId) parts.correct.click();
  }

  /** What is missing; not while a page is looked at again. */
  function showNotes() {
    const atWork = job !== null && !isSettled(job);
    parts.degraded.hidden = preview.degraded.length === 0;
    parts.degraded.replaceChildren(...(atWork ? ["This is looked at again just now."] : [degradedWords(preview.degraded), " ", parts.again]));
    parts.empty.hidden = preview.rooms.length > 0 || atWork;
  }

  async function openStrip() {
    if (strip || job.page_count < 2) return;
    strip = { update() {}, count() {} };
    const { pageStripOf } = await import("./page_strip.js");
    if (signal.aborted) return;
    strip = pageStripOf(jobId, job.page_count);
    parts.strip.replaceWith(strip.element);
    strip.show({ page, pictures, onEntry, signal });
    if (preview) strip.count(preview.rooms.length);
  }

  /** What was corrected elsewhere while nobody looked here. */
  function lookAgain() {
    if (document.hidden || !preview) return;
    if (editor) editor.refresh();
    else readPreview();
  }

  async function findRooms(all = false) {
    try {
      await request("POST", `/jobs/${jobId}/previews`, { body: { pages: all ? "all" : String(page) }, signal });
      announce("The rooms of this page are being looked for.");
      preview = null;
      await followPage();
    } catch (error) {
      failure = error;
      if (error.name !== "AbortError") showWork();
    }
  }

  /** Until this page has ended: a job that has ended does not say that it is at work again. */
  async function followPage() {
    failure = null;
    do {
      onEntry((await listPages(jobId, signal)).get(page) ?? null);
      await pause(FOLLOW_SECONDS, signal);
    } while (["queued", "processing"].includes(entry?.status));
    await Promise.all([readPreview(), strip?.update()]);
    watch();
  }

  function showGone(error) {
    main.replaceChildren(el("section", { class: "card gone" }, el("h1", {}, "This plan cannot be shown"), el("p", {}, errorWords(error)), el("a", { class: "button primary", href: "#" }, "To your plans")));
  }

  async function cancel() {
    await request("DELETE", `/jobs/${jobId}`, { signal });
    announce("Cancelled.");
  }

  async function erase() {
    const { eraseJob } = await import("./erase.js");
    if (!(await eraseJob(job))) return;
    announce("Erased.");
    location.hash = "";
  }

  async function edit() {
    correcting = editor ? null : jobId;
    editor?.close();
    editor = correcting && (await (await import("./editor/editor.js")).openEditor(host));
    if (signal.aborted) editor?.close();
    parts.correct.textContent = editor ? "Done" : "Correct";
  }

  function onKey(event) {
    if (event.target.closest("input, textarea, select, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
    const actions = {
      0: () => plan.fit(),
      Escape: () => (parts.menu.open ? (parts.menu.open = false) : select(null)),
      PageUp: () => turnTo(page - 1),
      PageDown: () => turnTo(page + 1),
    };
    if (!preview || !actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  }

  function turnTo(number) {
    if (number >= 1 && number <= (job?.page_count ?? 1)) location.hash = `job=${jobId}&page=${number}`;
  }

  parts.again.addEventListener("click", () => findRooms());
  parts.cancel.addEventListener("click", whenPressed(cancel));
  parts.erase.addEventListener("click", whenPressed(erase));
  parts.withheld.addEventListener("click", whenPressed(async () => (await import("./withheld.js")).toggleWithheld({ jobId, page, plan, parts, signal })));
  parts.correct.addEventListener("click", whenPressed(edit));
  parts.menu.addEventListener("toggle", async () => (await import("./downloads.js")).fillDownloads(parts.downloads, { job, page, signal }));
  document.addEventListener("keydown", onKey, { signal });
  document.addEventListener("click", ({ target }) => target.closest(".menu") ?? (parts.menu.open = false), { signal });
  document.addEventListener("visibilitychange", lookAgain, { signal });
  window.addEventListener("focus", lookAgain, { signal });
  signal.addEventListener("abort", () => {
    editor?.close();
    plan.remove();
    document.title = "Location Detection";
  });

  readPreview();
  watch();
}

const shownOf = ({ rooms, scale, degraded }) => JSON.stringify([rooms, scale, degraded]);

function layout(title) {
  const button = (text, properties = {}) => el("button", { type: "button", ...properties }, text);
  const parts = {
    title: el("h1", {}, title),
    state: el("span", { class: "state" }),
    kept: el("span", { class: "muted" }),
    cancel: button("Cancel", { hidden: true }),
    erase: button("Erase…"),
    correct: button("Correct", { class: "primary", hidden: true, title: "Correct rooms, and set the scale" }),
    withheld: button("Show what was left out", { "aria-pressed": "false", class: "small", hidden: true }),
    downloads: el("div", { class: "sheet-of-links" }),
    plan: el("div", { class: "plan", role: "application", "aria-label": "The plan. Arrow keys move it, plus and minus zoom. The rooms are in the list." }),
    work: el("div", { class: "work", role: "status" }, el("p", {}, "Loading…")),
    tools: el("div", { class: "plan-tools" }),
    rooms: el("div", { class: "rooms-scroll", hidden: true }),
    reasons: el("ul", { class: "reasons muted", hidden: true }),
    scale: el("p", { class: "scale" }),
    degraded: el("p", { class: "notice warn", hidden: true }),
    again: button("Look again", { class: "small" }),
    empty: el("p", { class: "notice", hidden: true }, "No rooms were found on this page."),
    offline: el("p", { class: "notice warn", role: "alert", hidden: true }),
    strip: el("nav", { hidden: true }),
  };
  parts.menu = el("details", { class: "menu" }, el("summary", { class: "button" }, "Download"), parts.downloads);
  const head = el("div", { class: "job-head" }, el("a", { href: "#", class: "back" }, "← Your plans"), el("div", { class: "job-title" }, parts.title, parts.state), parts.kept, el("div", { class: "actions" }, parts.correct, parts.menu, parts.cancel, parts.erase));
  parts.stage = el("section", { class: "stage", "aria-label": "Plan" }, parts.plan, parts.work, parts.tools);
  const side = el("section", { class: "side", "aria-label": "Rooms" }, parts.degraded, parts.scale, parts.empty, parts.rooms, parts.withheld, parts.reasons);
  parts.all = [head, parts.offline, el("div", { class: "job" }, el("div", { class: "left" }, parts.stage, parts.strip), side)];
  return parts;
}
