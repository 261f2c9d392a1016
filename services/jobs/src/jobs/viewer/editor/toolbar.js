/**
 * The tools beside the plan.
 *
 *   createToolbar({add, undo, redo, scale, forget, retry}) → toolbar    what each button does
 *   toolbar.elements
 *   toolbar.show({canUndo, canRedo, isScaleGiven})
 *   toolbar.hold(tool or null)          the tool in hand, whose hint is shown; toolbar.held
 *   toolbar.tell(text)                  the size of what is being moved, for the eye
 *   toolbar.report(state, unsaved, error)   whether all is saved; states of outbox.js
 */

import { el } from "../dom.js";
import { decimal, errorWords } from "../words.js";

export const HINTS = {
  add: "Add a room: drag a box, or click its corners and the first one again. Esc ends it.",
  split: "Split: drag a line across the room, or click its points, the last one twice. Esc ends it.",
  scale: "Scale: drag along a length that you know, such as a wall with its size. Esc ends it.",
};

/** By the rule of feedback that was broken. */
const REFUSALS = {
  room_id: "There is no such room any more: the page was looked at anew, or somebody took the room back. Reload it.",
  entries: "This plan has as many corrections as it can take.",
};

/** Of a room that is being moved. */
export const sizeWords = ({ area_m2, width_m, length_m }) =>
  area_m2 === null ? "" : `${decimal(area_m2, 1)} m²  ·  ${decimal(width_m, 2)} m × ${decimal(length_m, 2)} m`;

/** Why the service did not take a correction. */
export const refusalWords = (error) => REFUSALS[error.details?.rule] ?? errorWords(error);

function loadStyle() {
  const href = new URL("./editor.css", import.meta.url).pathname;
  if (!document.querySelector(`link[href="${href}"]`)) document.head.append(el("link", { rel: "stylesheet", href }));
}

export function createToolbar(actions) {
  loadStyle();
  const button = (tool, text, title) =>
    el("button", { type: "button", class: "small", title, onclick: () => actions[tool]() }, text);
  const tools = { add: button("add", "Add room", HINTS.add), scale: button("scale", "Set scale", HINTS.scale) };
  const undo = button("undo", "Undo", "Undo (Ctrl+Z)");
  const redo = button("redo", "Redo", "Redo (Ctrl+Shift+Z)");
  const forget = button("forget", "Forget scale", "Forget the scale that was given");
  const saved = el("span", { class: "saved", role: "status" });
  const retry = button("retry", "Save now", "Try again to save");
  const size = el("p", { class: "drawing-hint", "aria-hidden": "true" });
  const hint = el("p", { class: "drawing-hint", role: "status" });

  const toolbar = {
    elements: [tools.add, undo, redo, tools.scale, forget, saved, retry, hint, size],
    held: null,
    tell: (text) => (size.textContent = text),
    show({ canUndo, canRedo, isScaleGiven }) {
      undo.disabled = !canUndo;
      redo.disabled = !canRedo;
      forget.hidden = !isScaleGiven;
    },
    hold(tool) {
      toolbar.held = tool;
      hint.textContent = HINTS[tool] ?? "";
      for (const [name, shown] of Object.entries(tools)) shown.setAttribute("aria-pressed", String(name === tool));
    },
    report(state, unsaved, error) {
      const words = {
        saved: "All saved",
        saving: "Saving…",
        waiting: `Not saved yet (${unsaved}). It goes on as soon as the service answers.`,
        refused: `Not saved (${unsaved}): ${errorWords(error ?? {})}`,
      };
      saved.textContent = words[state];
      saved.dataset.state = state;
      retry.hidden = !error;
    },
  };
  toolbar.hold(null);
  return toolbar;
}
