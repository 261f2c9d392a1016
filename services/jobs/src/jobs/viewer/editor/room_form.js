/** What can be done to the selected room, in its details in the list: fields and buttons. */

import { el } from "../dom.js";
import { roomTitle, typeWord } from "../words.js";
import { MAX_COMMENT_CHARACTERS, MAX_NAME_CHARACTERS } from "./corrections.js";
import { askText } from "./question.js";
import { ROOM_TYPES } from "./room_types.js";

/**
 * Fills `element`. `actions` has `rename(name)`, `retype(type)`, `confirm()`, `complain()`, `corners()`, `split()`,
 * `join(id)` and `remove()`; `neighbours` are the rooms that it can be joined with, `comments` what was said of it. Each control has a `data-tool`.
 */
export function fillRoomForm(element, room, { neighbours, comments }, actions) {
  const button = (tool, text, title) =>
    el("button", { type: "button", class: "small", "data-tool": tool, title, onclick: () => actions[tool]() }, text);
  const confirm = button("confirm", "Confirm", "Say that this room is right");
  confirm.setAttribute("aria-pressed", String(Boolean(room.confirmed)));
  element.classList.add("room-form");
  element.append(
    field("Name", nameInput(room, actions)),
    field("Type", typeSelect(room, actions)),
    confirm,
    button("complain", "Wrong…", "Say what is wrong with this room"),
    button("corners", "Corners", "Go to its corners with the keyboard"),
    button("split", "Split", "Draw a line across the room"),
    joinSelect(neighbours, actions),
    button("remove", "Remove", "There is no such room"),
    ...comments.map((comment) => el("q", { class: "said" }, comment)),
  );
}

const field = (label, control) => el("label", { class: "field" }, el("span", {}, label), control);

function nameInput(room, actions) {
  const input = el("input", { "data-tool": "rename", maxlength: MAX_NAME_CHARACTERS, autocomplete: "off" });
  input.value = room.name_hint ?? "";
  input.addEventListener("change", () => actions.rename(input.value));
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    input.value = room.name_hint ?? "";
    input.blur();
  });
  return input;
}

function typeSelect(room, actions) {
  const none = room.room_type ? [] : [el("option", { value: "" }, "unknown")];
  const types = ROOM_TYPES.map((type) => el("option", { value: type }, typeWord(type)));
  const select = el("select", { "data-tool": "retype" }, ...none, ...types);
  select.value = room.room_type ?? "";
  select.addEventListener("change", () => select.value && actions.retype(select.value));
  return select;
}

function joinSelect(neighbours, actions) {
  const nameOf = (other) => roomTitle(other) ?? "a room without a name";
  const options = neighbours.map((other) => el("option", { value: other.id }, nameOf(other)));
  const title = "Make one room of this one and its neighbour";
  const first = el("option", { value: "" }, "Join with…");
  const select = el("select", { "data-tool": "join", title, "aria-label": title, class: "small" }, first, ...options);
  select.disabled = !neighbours.length;
  select.addEventListener("change", () => select.value && actions.join(select.value));
  return select;
}

/** Resolves to what a person says is wrong with a room, or null. */
export const askComment = (room) =>
  askText({
    title: `What is wrong with ${roomTitle(room) ?? "this room"}?`,
    label: "Comment",
    hint: "It is kept with the room; the room stays as it is.",
    yes: "Send",
    lines: 4,
    maxlength: MAX_COMMENT_CHARACTERS,
    parse: (text) => text.trim() || null,
    problem: "Say what is wrong.",
  });
