/* One's plans: the key, the place where files are dropped, uploads on their way, and the list of jobs. */

import { key } from "./api.js";
import { announce, el, hush } from "./dom.js";
import { createJobList } from "./job_list.js";
import { chosenPlans, droppedPlans } from "./plan_files.js";
import { uploads } from "./uploads.js";

const ACCEPTED = ".png,.jpg,.jpeg,.pdf";

export function open(main, _address, signal) {
  const list = createJobList({ signal });
  const drop = dropPlace(take);
  main.replaceChildren(el("div", { class: "home" }, drop.element, uploads.element, key.get() ? list.element : keyCard()));
  if (key.get()) list.load();

  function take({ plans, others, unread }) {
    announce(leftOutWords(others, unread));
    if (plans.length === 0 || !drop.isValid()) return;
    uploads.add(plans, drop.pages());
    if (key.get()) return;
    history.replaceState(null, "", location.pathname); // what was dropped goes before the plan of the address
    main.querySelector("#key-field").focus();
    announce(plans.length === 1 ? "Enter your key, and the plan is sent." : `Enter your key, and the ${plans.length} plans are sent.`);
  }

  function onCreated({ detail: { job, alone } }) {
    if (alone) location.hash = `job=${job.job_id}`;
    else list.follow();
  }

  function keyCard() {
    const field = el("input", { id: "key-field", type: "password", autocomplete: "off", required: true, spellcheck: "false", "aria-describedby": "key-note" });
    const enter = (event) => {
      event.preventDefault();
      hush();
      key.set(field.value.trim());
    };
    return el(
      "form",
      { class: "card key", onsubmit: enter },
      el("label", { for: "key-field" }, "Your key"),
      el("div", { class: "row" }, field, el("button", { class: "primary" }, "Go on")),
      el("p", { id: "key-note", class: "muted" }, "Whoever runs the service gives it to you. This tab alone remembers it, until it is closed."),
    );
  }

  document.addEventListener("job-created", onCreated, { signal });
  document.addEventListener("visibilitychange", () => document.hidden || !key.get() || list.follow(), { signal });
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    drop.element.classList.remove("over");
    take(await droppedPlans(event.dataTransfer));
  }, { signal });
  document.addEventListener("dragenter", () => drop.element.classList.add("over"), { signal });
  document.addEventListener("dragleave", (event) => event.relatedTarget ?? drop.element.classList.remove("over"), { signal });
  document.addEventListener("paste", (event) => {
    const { files } = event.clipboardData;
    if (files.length) take(chosenPlans(files));
  }, { signal });
}

/** What of the files is not sent, and why; empty where all of them are. */
function leftOutWords(others, unread) {
  const unreadable = unread && (unread === 1 ? "One file could not be read." : `${unread} files could not be read.`);
  const [first, ...more] = others;
  const left = first && `${first}${more.length ? ` and ${more.length} more are` : " is"} no PNG, JPG or PDF. Save such plans as one of these.`;
  return [unreadable, left].filter(Boolean).join(" ");
}

/** Where files are dropped or chosen, and which pages of a PDF are wanted. */
function dropPlace(take) {
  const chosen = (event) => {
    take(chosenPlans(event.target.files));
    event.target.value = "";
  };
  const files = el("input", { type: "file", id: "choose-files", accept: ACCEPTED, multiple: true, class: "hidden", onchange: chosen });
  const folder = el("input", { type: "file", id: "choose-folder", webkitdirectory: true, class: "hidden", onchange: chosen });
  const ranges = el("input", { type: "text", id: "ranges", placeholder: "1-3,7", "aria-label": "Which pages, as in 1-3,7", pattern: " *\\d+(-\\d+)?( *, *\\d+(-\\d+)?)* *", title: "Pages and ranges, as in 1-3,7", required: true, hidden: true });
  const which = el(
    "select",
    { id: "pages", onchange: () => (ranges.hidden = which.value !== "some") },
    el("option", { value: "1" }, "the first page"),
    el("option", { value: "all" }, "all pages"),
    el("option", { value: "some" }, "these pages"),
  );
  const element = el(
    "section",
    { class: "drop", "aria-labelledby": "drop-title" },
    drawing(),
    el("h1", { id: "drop-title" }, "Drop a floor plan"),
    el("p", { class: "lead" }, "and see its rooms, with names and areas, in seconds."),
    el("div", { class: "row centre" }, files, el("label", { class: "button primary", for: "choose-files" }, "Choose files"), folder, el("label", { class: "button", for: "choose-folder" }, "Choose a folder")),
    el("p", { class: "muted" }, `PNG, JPG or PDF, up to 50 MB each. ${keptWords()}`),
    el("p", { class: "pages-choice" }, el("label", { for: "pages" }, "Of a PDF, look at "), which, " ", ranges),
  );
  const isValid = () => which.value !== "some" || ranges.reportValidity();
  return { element, isValid, pages: () => (which.value === "some" ? ranges.value.replaceAll(" ", "") : which.value) };
}

function keptWords() {
  const days = Number(document.body.dataset.keptDays);
  return `A plan is kept for ${days === 1 ? "a day" : `${days} days`}, unless you erase it sooner.`;
}

/** A small plan whose rooms are being found. */
function drawing() {
  const svg = (tag, attributes, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  return svg(
    "svg",
    { viewBox: "0 0 240 132", class: "drawing", "aria-hidden": "true" },
    svg("path", { class: "found", d: "M12 12h84v62H12z" }),
    svg("path", { class: "found late", d: "M104 12h124v44H104z" }),
    svg("path", { class: "found later", d: "M104 64h72v56h-72z" }),
    svg("path", { class: "walls", d: "M8 8h224v116H8zM100 8v28m0 24v64M100 60h40m24 0h68M8 78h44m24 0h24M180 60v30m0 20v14" }),
    svg("path", { class: "doors", d: "M100 36a24 24 0 0 1 24 24M140 60a24 24 0 0 0 24 24M52 78a24 24 0 0 0 24 24M180 90a20 20 0 0 0 20 20" }),
  );
}
