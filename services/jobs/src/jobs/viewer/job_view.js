/* A plan: the page with its rooms, the list of rooms, pages, downloads, cancel and erase.
 *
 * Tools that correct rooms live in `editor/editor.js`, which is loaded when they are asked for. It exports
 * `openEditor(host) → {rooms, adopt(preview), close()}`, and `host` is what it works with:
 *
 *   host.jobId, host.signal         of this view
 *   host.preview()                  the shown preview as answered ({page, scale, rooms, …}), with corrections
 *   host.plan, host.table           plan.js, rooms_table.js
 *   host.selected()                 the id of the selected room, or null; host.select(id)
 *   host.onSelect                   set to be told of each selection: (room or null) => …
 *   host.setRooms(rooms)            shows other rooms on plan and list, before they are saved
 *   host.reload()                   reads the preview again, has the editor adopt it, and shows it
 *   host.toolbar                    an element beside the plan for tools
 */

import { createPictures, file, hasEnded, pause, request, watchJob } from "./api.js";
import { announce, ask, el, speak } from "./dom.js";
import { createPlan } from "./plan.js";
import { createRoomsTable } from "./rooms_table.js";
import { dayWords, degradedWords, errorWords, fileName, reasonWords, scaleWords, statusWord } from "./words.js";

const FOLLOW_SECONDS = 1.5;

export function open(main, { jobId, page }, signal) {
  const parts = layout();
  main.replaceChildren(...parts.all);
  const plan = createPlan(parts.plan, { onSelect: select });
  const table = createRoomsTable(parts.rooms, { onSelect: select, onZoom: (id) => plan.zoomTo(id) });
  const pictures = createPictures(jobId);
  let job = null;
  let preview = null;
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
    reload: () => readPreview(),
  };

  function select(id, { focus = false } = {}) {
    selected = id;
    plan.select(id, { reveal: true });
    table.select(id, { focus });
    host.onSelect?.(preview?.rooms.find((room) => room.id === id) ?? null);
  }

  function setRooms(rooms) {
    plan.setRooms(rooms);
    table.setRooms(rooms);
    if (!rooms.some((room) => room.id === selected)) select(null);
  }

  function showJob(read, problem) {
    parts.offline.hidden = problem === null;
    if (problem) parts.offline.textContent = errorWords(problem);
    if (!read) return;
    const before = job;
    job = read;
    showHead();
    if (before && before.status !== job.status) speak(`${fileName(job)}: ${statusWord(job.status)}.`);
    if (preview) openStrip();
    else showWork();
    strip?.update();
    if (!preview && before) readPreview();
  }

  function showHead() {
    parts.title.textContent = fileName(job);
    document.title = `${fileName(job)} – Location Detection`;
    parts.state.textContent = statusWord(job.status);
    parts.state.dataset.status = job.status;
    parts.kept.textContent = `Deleted on ${dayWords(job.expires_at)}`;
    parts.cancel.hidden = hasEnded(job);
  }

  /** What the plan's place says while there are no rooms to show. */
  function showWork(error = null) {
    const [title, text, button] = workWords(job, error);
    parts.work.hidden = false;
    parts.work.dataset.busy = String(!error && !hasEnded(job));
    const action = button ? el("button", { type: "button", class: "primary", onclick: findRooms }, button) : null;
    const progress = !hasEnded(job) && !error ? progressBar(job) : null;
    parts.work.replaceChildren(...[el("h2", {}, title), el("p", {}, text), progress, action].filter(Boolean));
  }

  async function readPreview() {
    try {
      const { data } = await request("GET", `/jobs/${jobId}/preview?page=${page}&corrected=true`, { signal });
      const first = preview === null;
      preview = data;
      showPreview(first);
    } catch (error) {
      if (error.name === "AbortError" || preview) return;
      if (error.code === "JOB_NOT_FOUND") showGone(error);
      else if (error.code !== "PREVIEW_NOT_FOUND") job ? showWork(error) : showGone(error);
    }
  }

  function showPreview(first) {
    parts.work.hidden = true;
    for (const part of [parts.controls, parts.rooms, parts.withheld, parts.correct]) part.hidden = false;
    if (first) plan.showPage(preview.page, pictures, () => job?.blueprint_format === "pdf");
    setRooms(editor?.adopt(preview) ?? preview.rooms);
    parts.scale.textContent = scaleWords(preview.scale);
    parts.degraded.hidden = preview.degraded.length === 0;
    parts.degraded.replaceChildren(degradedWords(preview.degraded), " ", parts.again);
    parts.empty.hidden = preview.rooms.length > 0;
    if (first) speak(`${preview.rooms.length} rooms on page ${page}.`);
    if (job) openStrip();
  }

  async function openStrip() {
    if (strip || job.page_count < 2) return;
    strip = { update() {} };
    const { createPageStrip } = await import("./page_strip.js");
    strip = createPageStrip(parts.strip, { jobId, count: job.page_count, page, pictures, signal });
  }

  async function findRooms() {
    try {
      await request("POST", `/jobs/${jobId}/previews`, { body: { pages: String(page) }, signal });
      preview = null;
      speak("The rooms of this page are being looked for.");
      showWork();
      await followPage();
    } catch (error) {
      if (error.name !== "AbortError") showWork(error);
    }
  }

  async function followPage() {
    for (;;) {
      await pause(FOLLOW_SECONDS, signal);
      const { data } = await request("GET", `/jobs/${jobId}/previews?limit=500`, { signal });
      const mine = data.previews.find((entry) => entry.page === page);
      job = (await request("GET", `/jobs/${jobId}`, { signal })).data;
      showHead();
      strip?.update();
      if (mine && ["queued", "processing"].includes(mine.status)) continue;
      return mine?.error ? showWork(mine.error) : readPreview();
    }
  }

  function showGone(error) {
    main.replaceChildren(el("section", { class: "card gone" }, el("h1", {}, "This plan cannot be shown"), el("p", {}, errorWords(error)), el("a", { class: "button primary", href: "#" }, "To your plans")));
  }

  async function cancel() {
    if (await act(() => request("DELETE", `/jobs/${jobId}`, { signal }))) announce("Cancelled.");
  }

  async function erase() {
    const agreed = await ask({
      title: "Erase this plan?",
      text: `${fileName(job)}, its rooms, the text read on it and all corrections are deleted at once, and cannot be brought back.`,
      yes: "Erase",
    });
    if (!agreed || !(await act(() => request("DELETE", `/jobs/${jobId}/data`, { signal })))) return;
    announce("Erased.");
    location.hash = "";
  }

  async function act(call) {
    try {
      await call();
      return true;
    } catch (error) {
      announce(errorWords(error));
      return false;
    }
  }

  async function showWithheld() {
    const shown = parts.withheld.getAttribute("aria-pressed") !== "true";
    parts.withheld.setAttribute("aria-pressed", String(shown));
    parts.reasons.hidden = !shown;
    if (!shown) return plan.setWithheld([]);
    const { data } = await request("GET", `/jobs/${jobId}/preview?page=${page}&withheld=true`, { signal });
    plan.setWithheld(data.withheld);
    parts.reasons.replaceChildren(...reasonWords(data.withheld).map((text) => el("li", {}, text)));
    announce("What was taken for no room is dashed in grey. Point at it to see why.");
  }

  async function edit() {
    if (editor) {
      editor.close();
      editor = null;
    } else {
      const { openEditor } = await import("./editor/editor.js");
      editor = await openEditor(host);
      if (signal.aborted) editor.close();
    }
    parts.correct.setAttribute("aria-pressed", String(editor !== null));
  }

  async function openDownloads() {
    const { fillDownloads } = await import("./downloads.js");
    fillDownloads(parts.downloads, { job, page, signal });
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

  parts.again.addEventListener("click", findRooms);
  parts.cancel.addEventListener("click", cancel);
  parts.erase.addEventListener("click", erase);
  parts.withheld.addEventListener("click", () => act(showWithheld));
  parts.correct.addEventListener("click", async () => {
    parts.correct.disabled = true;
    await act(edit);
    parts.correct.disabled = false;
  });
  parts.menu.addEventListener("toggle", openDownloads);
  parts.zoomIn.addEventListener("click", () => plan.map.zoomIn());
  parts.zoomOut.addEventListener("click", () => plan.map.zoomOut());
  parts.fit.addEventListener("click", () => plan.fit());
  document.addEventListener("keydown", onKey, { signal });
  document.addEventListener("click", ({ target }) => target.closest(".menu") ?? (parts.menu.open = false), { signal });
  plan.map.on("picturefailed", ({ error }) => announce(`The picture of the page could not be loaded. ${errorWords(error)}`));
  signal.addEventListener("abort", () => {
    editor?.close();
    plan.remove();
    document.title = "Location Detection";
  });

  readPreview();
  watchJob(jobId, showJob, signal).catch((error) => error.name === "AbortError" || showGone(error));
}

/** Title, text and button of the plan's place while it has no rooms. */
function workWords(job, error) {
  if (error) return ["No rooms", errorWords(error), "Try again"];
  switch (job.status) {
    case "pending":
      return job.pages ? ["Waiting for a free place", job.message ?? "", null] : ["Not looked at yet", "Nobody has asked for the rooms of this plan.", "Find the rooms"];
    case "processing":
      return ["Finding the rooms", job.message ?? "", null];
    case "failed":
      return ["This did not work", errorWords(job.error ?? {}), "Try again"];
    case "cancelled":
      return ["Cancelled", "This plan was cancelled. Send the file again to find its rooms.", null];
    default:
      return ["Not looked at yet", "The rooms of this page have not been looked for.", "Find the rooms"];
  }
}

function progressBar(job) {
  return el("progress", { max: 100, "aria-label": "Progress", value: job.status === "processing" && job.progress > 0 ? job.progress : null });
}

function layout() {
  const button = (text, properties = {}) => el("button", { type: "button", ...properties }, text);
  const parts = {
    title: el("h1", {}, "Plan"),
    state: el("span", { class: "state" }),
    kept: el("span", { class: "muted" }),
    cancel: button("Cancel", { hidden: true }),
    erase: button("Erase…"),
    correct: button("Correct", { "aria-pressed": "false", class: "primary", hidden: true, title: "Correct rooms, and set the scale" }),
    withheld: button("Show what was left out", { "aria-pressed": "false", class: "small", hidden: true }),
    downloads: el("div", { class: "sheet-of-links" }),
    plan: el("div", { class: "plan", role: "application", "aria-label": "The plan. Arrow keys move it, plus and minus zoom. The rooms are in the list." }),
    work: el("div", { class: "work", role: "status" }, el("p", {}, "Loading…")),
    tools: el("div", { class: "plan-tools" }),
    zoomIn: button("+", { "aria-label": "Zoom in" }),
    zoomOut: button("−", { "aria-label": "Zoom out" }),
    fit: button("Fit", { "aria-label": "Show the whole page" }),
    rooms: el("div", { class: "rooms-scroll", hidden: true }),
    reasons: el("ul", { class: "reasons muted", hidden: true }),
    scale: el("p", { class: "scale" }),
    degraded: el("p", { class: "notice warn", hidden: true }),
    again: button("Look again", { class: "small" }),
    empty: el("p", { class: "notice", hidden: true }, "No rooms were found on this page."),
    offline: el("p", { class: "notice warn", role: "alert", hidden: true }),
    strip: el("nav", { class: "strip", "aria-label": "Pages", hidden: true }),
  };
  parts.menu = el("details", { class: "menu" }, el("summary", { class: "button" }, "Download"), parts.downloads);
  parts.controls = el("div", { class: "controls", hidden: true }, parts.zoomIn, parts.zoomOut, parts.fit);
  const head = el("div", { class: "job-head" }, el("a", { href: "#", class: "back" }, "← Your plans"), el("div", { class: "job-title" }, parts.title, parts.state), parts.kept, el("div", { class: "actions" }, parts.correct, parts.menu, parts.cancel, parts.erase));
  const stage = el("section", { class: "stage", "aria-label": "Plan" }, parts.plan, parts.work, parts.tools, parts.controls);
  const side = el("section", { class: "side", "aria-label": "Rooms" }, parts.offline, parts.degraded, parts.scale, parts.empty, parts.rooms, parts.withheld, parts.reasons);
  parts.all = [head, el("div", { class: "job" }, el("div", { class: "left" }, stage, parts.strip), side)];
  return parts;
}
