/** A dialog that asks for one text. */

import { el } from "../dom.js";

/**
 * Resolves to what `parse` makes of the text, null when the person leaves. While `parse` answers null, `problem` is
 * shown and the dialog stays. `explain(parsed)` says while one types how the text is understood.
 */
export function askText({ title, label, hint = "", example = "", yes, lines = 1, parse, problem, maxlength, explain }) {
  const common = { id: "asked-text", maxlength, required: true, autocomplete: "off", "aria-describedby": "asked-hint" };
  const oneLine = () => el("input", { ...common, placeholder: example });
  const field = lines > 1 ? el("textarea", { ...common, rows: lines }) : oneLine();
  const note = el("p", { id: "asked-hint", class: "muted", role: "status" }, hint);
  const cancel = el("button", { type: "button", onclick: () => dialog.close() }, "Cancel");
  const form = el(
    "form",
    { method: "dialog" },
    el("label", { for: "asked-text" }, label),
    field,
    note,
    el("div", { class: "actions" }, cancel, el("button", { class: "primary" }, yes)),
  );
  const dialog = el("dialog", { class: "asked", "aria-labelledby": "asked-title" });
  dialog.append(el("h2", { id: "asked-title" }, title), form);
  document.body.append(dialog);
  dialog.showModal();
  field.focus();
  let answer = null;
  field.addEventListener("input", () => {
    const parsed = explain ? parse(field.value) : null;
    note.textContent = parsed === null ? hint : explain(parsed);
  });
  form.addEventListener("submit", (event) => {
    answer = parse(field.value);
    if (answer !== null) return;
    event.preventDefault();
    note.textContent = problem;
  });
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
  });
}
