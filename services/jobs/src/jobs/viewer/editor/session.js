/**
 * What is corrected on a page. It lasts longer than the view of the page: what is not saved yet goes on being saved,
 * and a page that is opened again meanwhile still knows its steps.
 */

import { request } from "../api.js";
import { announce } from "../dom.js";
import { errorWords } from "../words.js";
import { Corrections } from "./corrections.js";
import { byRequest, fromFeedback, ofTheseRooms } from "./feedback.js";
import { Outbox } from "./outbox.js";

const PER_REQUEST = 500;
const sessions = new Map();

/** What is heard of saving while no editor is open. */
export function tellUnsaved(state, error) {
  if (state === "waiting") announce("Corrections are not saved yet. It goes on as long as this tab is open.");
  else if (error) announce(`Corrections are not saved. ${errorWords(error)}`);
}

/**
 * The session of a page; `preview` with the rooms as corrected so far. One that is saved begins anew, from what is stored now. Rejects
 * where what was said before cannot be read.
 */
export async function openSession(jobId, page, preview, signal) {
  const name = `${jobId} ${page}`;
  if (sessions.get(name)?.outbox.unsaved) return sessions.get(name);
  const entries = await listEntries(jobId, page, signal);
  const session = new Session(jobId, page, preview, entries);
  sessions.set(name, session);
  return session;
}

class Session {
  /** Hears the outbox while an editor is open. */
  onReport = tellUnsaved;
  #said;
  #earlier;

  constructor(jobId, page, preview, entries) {
    Object.assign(this, { jobId, page, computed: preview.timestamp });
    this.corrections = new Corrections(preview.rooms);
    this.corrections.measureBy(preview.scale);
    this.#remember(entries);
    this.outbox = new Outbox({
      corrections: this.corrections,
      page,
      known: entries.map((entry) => entry.feedback_id),
      report: (...report) => this.onReport(...report),
      sleep: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
      feedback: {
        give: async (items) => (await request("POST", `/jobs/${jobId}/feedback`, { body: { items } })).data.items,
        takeBack: (id) => request("DELETE", `/jobs/${jobId}/feedback/${id}`, { keepalive: true }),
        list: () => listEntries(jobId, page),
      },
    });
  }

  get canUndo() {
    return this.corrections.canUndo || this.#earlier.length > 0;
  }

  /** What people said of a room, oldest first. */
  commentsOn(id) {
    const ofRoom = this.#said.filter((entry) => entry.room_id === this.corrections.serverId(id) && entry.comment);
    return [...ofRoom.map((entry) => entry.comment), ...this.corrections.commentsOn(id)];
  }

  /** Whether anything was done. */
  take(changes) {
    const step = this.corrections.take(changes);
    if (step) this.outbox.store(step);
    return step !== null;
  }

  /** The last step, else what was said last before the page was opened. */
  undo() {
    const step = this.corrections.undo() ?? this.#earlierStep();
    if (step) this.outbox.takeBack(step);
    return step !== null;
  }

  redo() {
    const step = this.corrections.redo();
    if (step) this.outbox.store(step);
    return step !== null;
  }

  /** What the service answers once all is saved. */
  adopt({ rooms, scale }) {
    this.corrections.measureBy(scale);
    if (this.outbox.unsaved) return;
    if (this.corrections.canUndo) this.corrections.refresh(rooms);
    else this.corrections.rebase(rooms);
  }

  /**
   * Begins anew where the page was corrected elsewhere or computed anew, and resolves to whether it was. Undo reaches
   * what was said here, and not what others said.
   */
  async catchUp({ rooms, timestamp }) {
    if (this.outbox.unsaved || !this.corrections.differsFrom(rooms)) return false;
    const { ours, isSame } = this.outbox.compare(await listEntries(this.jobId, this.page));
    if (isSame && timestamp === this.computed) return false;
    const { data } = await request("GET", `/jobs/${this.jobId}/preview?page=${this.page}&corrected=true`);
    if (this.outbox.unsaved) return false;
    this.computed = data.timestamp;
    this.#remember(ours);
    this.corrections.beginAnew(data.rooms);
    return true;
  }

  /** What was said before, of the rooms that there are now; undo reaches the requests that are of these alone. */
  #remember(entries) {
    this.#said = ofTheseRooms(entries, this.computed);
    this.#earlier = byRequest(entries).filter((request) => ofTheseRooms(request, this.computed).length === request.length);
  }

  #earlierStep() {
    const entries = this.#earlier.pop();
    if (!entries) return null;
    this.#said = this.#said.filter((entry) => !entries.includes(entry));
    const step = { changes: fromFeedback(entries), entries: entries.map((entry) => entry.feedback_id) };
    this.corrections.undoneBefore(step);
    return step;
  }
}

async function listEntries(jobId, page, signal) {
  const entries = [];
  let cursor = null;
  do {
    const from = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
    const path = `/jobs/${jobId}/feedback?page=${page}&limit=${PER_REQUEST}${from}`;
    const { data } = await request("GET", path, { signal });
    entries.push(...data.feedback);
    cursor = data.next_cursor;
  } while (cursor);
  return entries;
}

const retryAll = () => sessions.forEach((session) => session.outbox.retry());
window.addEventListener("online", retryAll);
document.addEventListener("key-entered", retryAll);
window.addEventListener("beforeunload", (event) => {
  if ([...sessions.values()].some((session) => session.outbox.unsaved)) event.preventDefault();
});
