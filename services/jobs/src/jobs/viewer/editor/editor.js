/** Correct the rooms of a page: `openEditor(host)`, where `host` is what job_view.js lends its tools. */

import { announce, speak } from "../dom.js";
import { MAX_CORNERS, gestures } from "./corrections.js";
import { draw } from "./drawing.js";
import { toPage } from "./geometry.js";
import { createHandles } from "./handles.js";
import { actionOf } from "./keys.js";
import { askComment, fillRoomForm } from "./room_form.js";
import { GivenScale, drawScale, lengthBy } from "./scale_tool.js";
import { openSession, tellUnsaved } from "./session.js";
import { jointOf, outlineOf, partsOf } from "./shapes.js";
import { HINTS, createToolbar, refusalWords, sizeWords } from "./toolbar.js";

const SETTLED_MS = 400;
/** There the keyboard of the screen would cover the plan. */
const BY_FINGER = matchMedia("(pointer: coarse)");

export async function openEditor(host) {
  const { page } = host.preview();
  const session = await openSession(host.jobId, page.number, host.preview(), host.signal);
  return new Editor(host, page, session);
}

class Editor {
  #closing = new AbortController();
  #drawing = null;
  #refreshing = null;

  constructor(host, page, session) {
    Object.assign(this, { host, page, session, scale: new GivenScale(host, page) });
    this.handles = createHandles(host.plan, {
      onOutline: (room, polygon) => this.#reshape(room, polygon),
      onShape: (polygon) => this.toolbar.tell(polygon ? sizeWords(session.corrections.measuresOf(polygon)) : ""),
      onLeave: () => host.select(host.selected(), { focus: true }),
    });
    this.toolbar = createToolbar({
      add: () => this.#add(),
      undo: () => this.#undo(),
      redo: () => this.#redo(),
      scale: () => this.#scale(),
      forget: () => this.scale.give(null),
      retry: () => session.outbox.retry(),
    });
    host.toolbar.replaceChildren(...this.toolbar.elements);
    host.onSelect = () => this.#showHandles();
    host.table.onDetails = (room, element) => this.#fillForm(room, element);
    session.onReport = (...report) => this.#report(...report);
    const { signal } = this.#closing;
    document.addEventListener("keydown", (event) => this.#onKey(event), { capture: true, signal });
    this.#report(session.outbox.unsaved ? "saving" : "saved");
    this.show();
  }

  close() {
    this.#drawing?.cancel();
    this.#closing.abort();
    clearTimeout(this.#refreshing);
    this.handles.remove();
    const { host, session } = this;
    session.onReport = tellUnsaved;
    Object.assign(host, { onSelect: null });
    host.table.onDetails = null;
    host.toolbar.replaceChildren();
    if (host.signal.aborted) return;
    host.setRooms(this.rooms);
    if (!session.outbox.unsaved) host.reload();
  }

  /** The rooms as corrected. */
  get rooms() {
    return this.session.corrections.rooms;
  }

  /** What the view shows of a preview that it has read again. */
  adopt(preview) {
    this.session.adopt(preview);
    this.#catchUp(preview);
    queueMicrotask(() => {
      this.#showHandles();
      this.#showToolbar();
    });
    return this.rooms;
  }

  /** Shows what was corrected elsewhere. */
  async #catchUp(preview) {
    const isNew = await this.session.catchUp(preview).catch(() => false); // the next reading asks again
    if (!isNew || this.#closing.signal.aborted) return;
    const selected = this.session.corrections.serverId(this.host.selected());
    this.show();
    if (this.session.corrections.room(selected)) this.host.select(selected);
    announce("This page was corrected elsewhere meanwhile. It is shown as it is now.");
  }

  show() {
    this.host.setRooms(this.rooms);
    this.#showHandles();
    this.#showToolbar();
  }

  #selected() {
    return this.session.corrections.room(this.host.selected());
  }

  #showHandles() {
    this.handles.show(this.#drawing ? null : this.#selected(), this.rooms);
  }

  #showToolbar() {
    this.toolbar.show({
      canUndo: this.session.canUndo || this.scale.canUndo,
      canRedo: this.session.corrections.canRedo,
      isScaleGiven: this.host.preview().scale?.source === "given",
    });
  }

  #report(state, error, lost) {
    if (state === "lost") return this.#lost(error, lost);
    this.toolbar.report(state, this.session.outbox.unsaved, error);
    if (state === "saved") this.refresh();
  }

  #lost(error, lost) {
    const what = lost.length > 1 ? `${lost.length} changes were` : "The change was";
    announce(`${what} not taken, and undone. ${refusalWords(error)}`);
    this.show();
    this.refresh();
  }

  /** Measures and types follow corrections; not while something is being moved or typed. */
  refresh() {
    clearTimeout(this.#refreshing);
    this.#refreshing = setTimeout(() => {
      if (this.#isBusy()) this.refresh();
      else if (!this.session.outbox.unsaved) this.host.reload();
    }, SETTLED_MS);
  }

  #isBusy() {
    const isAsked = document.querySelector("dialog[open]") !== null;
    return this.#drawing !== null || this.handles.isBusy() || isAsked || this.#isTyped(document.activeElement);
  }

  /** Whether there is text in a field that was not yet given. */
  #isTyped(field) {
    return field?.dataset.tool === "rename" && field.value !== (this.#selected()?.name_hint ?? "");
  }

  /** The list shows what else was done; `say` what it does not. */
  #take(changes, { select, say = "" } = {}) {
    if (!this.session.take(changes)) return;
    this.scale.settle();
    this.show();
    if (select) this.host.select(select, { focus: !BY_FINGER.matches });
    speak(say);
  }

  #undo() {
    if (this.scale.canUndo) return this.scale.undo();
    this.#step(() => this.session.undo(), "Undone.");
  }

  #redo() {
    this.#step(() => this.session.redo(), "Done again.");
  }

  #step(step, said) {
    this.handles.settle();
    if (this.handles.cancel() || !step()) return;
    this.show();
    speak(said);
  }

  #reshape(room, polygon) {
    if (polygon.length > MAX_CORNERS) return announce(`A room has at most ${MAX_CORNERS} corners.`);
    this.#take(gestures.reshape(room, polygon));
  }

  #fillForm(room, element) {
    const known = { neighbours: this.#neighbours(room), comments: this.session.commentsOn(room.id) };
    fillRoomForm(element, room, known, {
      rename: (name) => this.#take(gestures.rename(room, name)),
      retype: (type) => this.#take(gestures.retype(room, type)),
      confirm: () => this.#take(gestures.confirm(room)),
      complain: () => this.#complain(room),
      corners: () => this.handles.focus(0),
      split: () => this.#split(room),
      join: (id) => this.#join(room, this.session.corrections.room(id)),
      remove: () => this.#remove(room),
    });
  }

  async #complain(room) {
    const comment = await askComment(room);
    if (comment) this.#take(gestures.complain(room, comment), { select: room.id, say: "The comment is kept." });
  }

  #neighbours(room) {
    return this.rooms.filter((other) => other.id !== room.id && jointOf(room, other, this.page));
  }

  #join(room, other) {
    const changes = gestures.join(room, other, jointOf(room, other, this.page));
    this.#take(changes, { select: changes.at(-1).id, say: "The rooms are joined." });
  }

  #add() {
    this.#draw("add", { kind: "area" }, (points) => {
      const outline = outlineOf(points, this.page);
      if (!outline) return this.#refuse("The sides of a room may not cross.");
      const changes = gestures.add(outline);
      queueMicrotask(() => {
        this.#take(changes, { select: changes[0].id, say: "The room is added." });
        if (!BY_FINGER.matches) document.querySelector('.room-form [data-tool="rename"]')?.focus();
      });
      return true;
    });
  }

  #split(room) {
    const [left, top, right, bottom] = room.bounding_box;
    const start = this.host.plan.toMap([(left + right) / 2, (top + bottom) / 2]);
    this.#draw("split", { kind: "path", start }, (line) => {
      const parts = partsOf(room, line, this.page);
      if (!parts) return this.#refuse("The line does not cross the room from side to side.");
      const changes = gestures.split(room, parts);
      queueMicrotask(() => this.#take(changes, { select: changes[1].id, say: "The room is split." }));
      return true;
    });
  }

  #remove(room) {
    const { rooms } = this;
    const place = rooms.findIndex((each) => each.id === room.id);
    this.#take(gestures.remove(room), { say: "The room is removed." });
    const next = rooms[place + 1] ?? rooms[place - 1];
    if (next && !BY_FINGER.matches) document.querySelector(`tr[data-room="${next.id}"] button`)?.focus();
  }

  #scale() {
    if (this.#toggledOff("scale")) return;
    const toPages = (points) => points.map((point) => toPage(point, this.page));
    const save = (scale) => this.scale.give(scale);
    const lengthOf = (from, to) => lengthBy(this.host.preview().scale, from, to);
    const tool = { plan: this.host.plan, hint: HINTS.scale, toPage: toPages, lengthOf, save };
    this.#begin("scale", (ended) => drawScale({ ...tool, ended }));
  }

  #draw(tool, options, done) {
    if (this.#toggledOff(tool)) return;
    this.#begin(tool, (ended) => draw(this.host.plan, { ...options, hint: HINTS[tool], done, ended }));
  }

  /** The button of a tool that is in hand puts it down. */
  #toggledOff(tool) {
    const isInHand = this.toolbar.held === tool;
    this.#drawing?.cancel();
    return isInHand;
  }

  #begin(tool, start) {
    const button = document.activeElement;
    this.host.showPlan();
    this.toolbar.hold(tool);
    this.#drawing = start(() => {
      this.#drawing = null;
      this.toolbar.hold(null);
      button.focus({ preventScroll: true });
      this.#showHandles();
    });
    this.#showHandles();
  }

  #refuse(why) {
    announce(why);
    return false;
  }

  #onKey(event) {
    if (event.target.closest("dialog") || this.#isTyped(event.target)) return;
    const selected = this.#selected();
    const act = actionOf(event, {
      undo: () => this.#undo(),
      redo: () => this.#redo(),
      cancel: () => this.handles.cancel(),
      remove: selected && (() => this.#remove(selected)),
    });
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }
}
