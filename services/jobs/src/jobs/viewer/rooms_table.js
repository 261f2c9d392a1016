/* The list of rooms: a table, and the way to every room by keyboard and screen reader.
 *
 *   createRoomsTable(container, {onSelect, onZoom}) → table
 *   table.setRooms(rooms)          in their order; the last row sums their areas; the focus stays where it was
 *   table.select(id or null, {focus})   marks a row and opens its details
 *   table.onDetails = (room, element) => …   called when details open: tools put their controls into `element`
 */

import { decimal, feetWords, percent, roomTitle, squareFeet, typeWord } from "./words.js";
import { el } from "./dom.js";

const COLUMNS = [
  ["#", "Number in this list and on the plan"],
  ["Room", "Name, number and type"],
  ["m²", "Area in square metres"],
  ["ft²", "Area in square feet"],
  ["Sure", "Confidence: of rooms said at 80 %, about 80 in 100 are right"],
];
const KEYS = { ArrowDown: 1, ArrowUp: -1 };

export function createRoomsTable(container, { onSelect, onZoom }) {
  const body = el("tbody");
  const foot = el("tfoot");
  const table = el(
    "table",
    { class: "rooms" },
    el("caption", { class: "hidden" }, "Rooms on this page"),
    el("thead", {}, el("tr", {}, ...COLUMNS.map(([title, meaning]) => el("th", { scope: "col", title: meaning }, title)))),
    body,
    foot,
  );
  container.replaceChildren(table);
  let rooms = [];
  let selected = null;
  const api = { setRooms, select, onDetails: null };

  function setRooms(shown) {
    const focused = body.contains(document.activeElement) ? selectorOf(document.activeElement) : null;
    rooms = shown;
    body.replaceChildren(...rooms.map(row));
    foot.replaceChildren(sumRow(rooms));
    table.classList.toggle("no-areas", rooms.every((room) => room.area_m2 === null));
    select(selected);
    if (focused) body.querySelector(focused)?.focus({ preventScroll: true });
  }

  /** Of a control of a tool, or of a row's button. */
  function selectorOf({ dataset: { tool }, parentElement }) {
    return tool ? `[data-tool="${tool}"]` : `tr[data-room="${parentElement.closest("tr").dataset.room}"] button`;
  }

  function row(room, index) {
    const title = roomTitle(room);
    const button = el(
      "button",
      { type: "button", "aria-expanded": "false", onkeydown: (event) => onKey(event, index) },
      title ?? `Room ${index + 1}`,
    );
    return el(
      "tr",
      { "data-room": room.id, onclick: () => onSelect(room.id === selected ? null : room.id) },
      el("td", { class: "number" }, String(index + 1)),
      el("th", { scope: "row" }, button, el("small", {}, subtitle(room, title))),
      el("td", { class: "number" }, area(room.area_m2)),
      el("td", { class: "number" }, area(room.area_m2 === null ? null : squareFeet(room.area_m2), 0)),
      el("td", { class: "number" }, sureness(room)),
    );
  }

  function onKey(event, index) {
    if (event.key === "Enter" && rooms[index].id === selected) {
      event.preventDefault();
      onZoom(rooms[index].id);
    }
    const next = rooms[index + KEYS[event.key]];
    if (!next) return;
    event.preventDefault();
    onSelect(next.id, { focus: true });
  }

  function select(id, { focus = false } = {}) {
    body.querySelector("tr.details")?.remove();
    for (const shown of body.rows) {
      const chosen = shown.dataset.room === id;
      shown.classList.toggle("selected", chosen);
      shown.querySelector("button").setAttribute("aria-expanded", String(chosen));
    }
    const room = rooms.find((candidate) => candidate.id === id);
    selected = room ? id : null;
    if (!room) return;
    const chosen = body.querySelector("tr.selected");
    chosen.after(detailsRow(room));
    if (focus) chosen.querySelector("button").focus();
    reveal(chosen);
  }

  /** The row with its details, the row itself where both are too high; on a phone below the plan, which stays. */
  function reveal(chosen) {
    for (const shown of [chosen.nextSibling, chosen]) shown.scrollIntoView({ block: "nearest" });
  }

  function detailsRow(room) {
    const tools = el("div", { class: "tools" });
    const facts = detailsOf(room).map(([term, text]) => el("div", {}, el("dt", {}, term), el("dd", {}, text)));
    const zoom = el("button", { type: "button", class: "small", onclick: () => onZoom(room.id) }, "Zoom to room");
    api.onDetails?.(room, tools);
    return el("tr", { class: "details" }, el("td", { colspan: 5 }, el("dl", {}, ...facts), el("div", { class: "tools" }, zoom), tools));
  }

  return api;
}

function area(value, digits = 1) {
  return value === null || value === undefined ? "–" : decimal(value, digits);
}

function sureness(room) {
  if (room.corrected) return el("span", { class: "by-hand", title: "Corrected by a person" }, "corrected");
  if (room.confirmed) return el("span", { class: "by-hand", title: "Confirmed by a person" }, "confirmed");
  return percent(room.confidence);
}

function subtitle(room, title) {
  const type = typeWord(room.room_type);
  const parts = [room.room_number === title ? null : room.room_number, type === title?.toLowerCase() ? null : type];
  return parts.filter(Boolean).join(" · ");
}

/** `sizes` are in metres. */
const sizeWords = (sizes) => `${sizes.map((metres) => decimal(metres, 2)).join(" × ")} m · ${sizes.map(feetWords).join(" × ")}`;

function detailsOf(room) {
  const isLongFirst = room.printed_size_m && room.printed_size_m[0] > room.printed_size_m[1];
  const sizes = isLongFirst ? [room.length_m, room.width_m] : [room.width_m, room.length_m];
  const facts = room.area_m2 ? [["Area", `${decimal(room.area_m2, 1)} m² · ${decimal(squareFeet(room.area_m2), 0)} ft²`]] : [];
  if (room.width_m) facts.push(["Size", sizeWords(sizes)]);
  if (room.printed_size_m) facts.push(["Printed", sizeWords(room.printed_size_m)]);
  if (room.perimeter_m) facts.push(["Perimeter", sizeWords([room.perimeter_m])]);
  if (room.printed_area_m2) facts.push(["Printed area", `${decimal(room.printed_area_m2, 1)} m²`]);
  return facts;
}

function sumRow(rooms) {
  const known = rooms.filter((room) => room.area_m2 !== null);
  const sum = known.reduce((total, room) => total + room.area_m2, 0);
  const count = rooms.length === 1 ? "1 room" : `${rooms.length} rooms`;
  return el(
    "tr",
    {},
    el("td"),
    el("th", { scope: "row" }, count),
    el("td", { class: "number" }, known.length ? decimal(sum, 1) : ""),
    el("td", { class: "number" }, known.length ? decimal(squareFeet(sum), 0) : ""),
    el("td"),
  );
}
