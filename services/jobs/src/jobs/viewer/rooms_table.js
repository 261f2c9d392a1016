/* The list of rooms: a table, and the way to every room by keyboard and screen reader.
 *
 *   createRoomsTable(container, {onSelect, onZoom, stage}) → table   stage: the plan's element, which may stay above it
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
/** Left out of a flat's area as a rule. */
const NOT_INDOORS = ["garage", "balcony", "terrace"];
const KEYS = { ArrowDown: 1, ArrowUp: -1 };

export function createRoomsTable(container, { onSelect, onZoom, stage }) {
  const body = el("tbody");
  const foot = el("tfoot");
  const table = el(
    "table",
    { class: "rooms" },
    el("caption", { class: "hidden" }, "Rooms on this page"),
    el("thead", {}, el("tr", {}, ...COLUMNS.map(([title, meaning]) => el("th", { scope: "col", title: meaning, class: title === "ft²" && "feet" }, title)))),
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
    foot.replaceChildren(...sumRows(rooms));
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
      ...areaCells(room.area_m2),
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

  /** The row and its details, as far as they have room: in the list, or where the page scrolls, on the page. */
  function reveal(chosen) {
    const isPage = getComputedStyle(container).overflowY === "visible";
    const { top, bottom } = isPage ? freeOfPlan() : freeOfHeadAndFoot();
    const scroller = isPage ? document.scrollingElement : container;
    const above = top - chosen.getBoundingClientRect().top;
    const below = chosen.nextSibling.getBoundingClientRect().bottom - bottom;
    scroller.scrollTop += above > 0 ? -above : Math.max(0, Math.min(below, -above));
  }

  function freeOfHeadAndFoot() {
    const { top, bottom } = container.getBoundingClientRect();
    return { top: top + table.tHead.offsetHeight, bottom: bottom - foot.offsetHeight };
  }

  function freeOfPlan() {
    const isAbove = getComputedStyle(stage).position === "sticky" && stage.getBoundingClientRect().right > container.getBoundingClientRect().left;
    return { top: isAbove ? stage.offsetHeight : 0, bottom: window.innerHeight };
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

/** Where the page is narrow, the square feet stand below the square metres. */
function areaCells(squareMetres) {
  if (squareMetres === null || squareMetres === undefined) return [el("td", { class: "number" }, "–"), el("td", { class: "number feet" }, "–")];
  const feet = decimal(squareFeet(squareMetres), 0);
  const below = el("small", { class: "feet-below" }, `${feet} ft²`);
  return [el("td", { class: "number" }, decimal(squareMetres, 1), below), el("td", { class: "number feet" }, feet)];
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

/** Of all rooms and, where some are no living space, of the others. */
function sumRows(rooms) {
  const outside = [...new Set(rooms.map((room) => room.room_type))].filter((type) => NOT_INDOORS.includes(type));
  const indoors = rooms.filter((room) => !outside.includes(room.room_type));
  const all = sumRow(rooms.length === 1 ? "1 room" : `${rooms.length} rooms`, rooms);
  return outside.length && indoors.length ? [all, sumRow(`Without ${outside.map(typeWord).join(", ")}`, indoors)] : [all];
}

function sumRow(title, rooms) {
  const known = rooms.filter((room) => room.area_m2 !== null);
  const sum = known.reduce((total, room) => total + room.area_m2, 0);
  const isKnown = known.length > 0;
  return el("tr", {}, el("td"), el("th", { scope: "row" }, title), ...areaCells(isKnown ? sum : null), el("td"));
}
