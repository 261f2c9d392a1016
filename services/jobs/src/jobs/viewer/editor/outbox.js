/**
 * Saves steps in the background, one after another: stores what was done, takes back what was undone.
 *
 * Nothing is dropped while the service or the network is away: it is tried again until it is answered. What may have
 * been stored although no answer came is looked for first, so that nothing is stored twice.
 */

import { toFeedback } from "./feedback.js";

const FIRST_PAUSE_SECONDS = 1;
const LONGEST_PAUSE_SECONDS = 30;

/** Statuses after which the same request may succeed later: 0 is none at all. */
const PASSING = new Set([0, 408, 429, 500, 502, 503, 504]);
/** The key was forgotten, expired or may not write: what is unsaved waits for another one. */
const KEY_REFUSED = new Set([401, 403]);

export class Outbox {
  #tasks = [];
  #running = false;
  #wake = null;
  #pause = FIRST_PAUSE_SECONDS;
  #doubtful = false;
  #known;

  /**
   * `feedback` stores, takes back and lists entries: `give(items)`, `takeBack(id)`, `list()`, which reject with an
   * error that has `status`, `code`, `message` and perhaps `retryAfter` in seconds. `report` hears each change of
   * state: `saved`, `saving`, `waiting` and `refused` (the last two with an error), and `lost` with the steps that the
   * service would not take. `sleep(seconds)` resolves later. `known` are the ids of the entries that there were before.
   */
  constructor({ corrections, page, feedback, known, report, sleep }) {
    Object.assign(this, { corrections, page, feedback, report, sleep });
    this.#known = new Set(known);
  }

  /** How many steps are not saved. */
  get unsaved() {
    return this.#tasks.length;
  }

  store(step) {
    this.#add({ step, undoes: false });
  }

  takeBack(step) {
    this.#add({ step, undoes: true });
  }

  /** Try at once what waits. */
  retry() {
    this.#pause = FIRST_PAUSE_SECONDS;
    this.#wake?.();
    return this.#run();
  }

  /** A step that was undone before it was sent need not be sent, and the other way round. */
  #add(task) {
    const last = this.#tasks.at(-1);
    const isOpposite = last && last.step === task.step && last.undoes !== task.undoes && !last.begun;
    if (isOpposite) this.#tasks.pop();
    else this.#tasks.push(task);
    this.#run();
  }

  async #run() {
    if (this.#running) return;
    this.#running = true;
    let blocked = false;
    while (this.#tasks.length && !blocked) {
      this.report("saving");
      blocked = !(await this.#tried(this.#tasks[0]));
    }
    this.#running = false;
    if (!blocked) this.report("saved");
  }

  /** Whether to go on. */
  async #tried(task) {
    task.begun = true;
    try {
      await (task.undoes ? this.#takeBack(task.step) : this.#give(task.step));
    } catch (error) {
      return this.#failed(task, error);
    }
    this.#done(task);
    return true;
  }

  #done(task) {
    this.#tasks = this.#tasks.filter((each) => each !== task);
    this.#pause = FIRST_PAUSE_SECONDS;
    this.#doubtful = false;
  }

  async #failed(task, error) {
    if (KEY_REFUSED.has(error.status)) {
      this.report("refused", error);
      return false;
    }
    if (PASSING.has(error.status)) {
      this.#doubtful ||= error.status !== 429;
      this.report("waiting", error);
      await this.#rest(error.retryAfter);
      return true;
    }
    this.#giveUp(task, error);
    return true;
  }

  async #rest(seconds) {
    await Promise.race([this.sleep(seconds ?? this.#pause), new Promise((resolve) => (this.#wake = resolve))]);
    this.#wake = null;
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_SECONDS);
  }

  #giveUp(task, error) {
    this.#done(task);
    if (task.undoes) return;
    const lost = this.corrections.forget(task.step);
    this.#tasks = this.#tasks.filter((each) => !lost.includes(each.step));
    this.report("lost", error, lost);
  }

  async #give(step) {
    const { corrections, feedback } = this;
    const items = toFeedback(step.changes, this.page, (id) => corrections.serverId(id));
    const stored = this.#doubtful ? await this.#found(items) : null;
    corrections.stored(step, stored ?? (await feedback.give(items)));
    step.entries.forEach((id) => this.#known.add(id));
  }

  /** All entries at once, so that little can come in between; those that are gone already are no failure. */
  async #takeBack(step) {
    const entries = step.entries ?? [];
    const answers = await Promise.allSettled(entries.map((id) => this.feedback.takeBack(id)));
    const failed = answers.find(({ reason }) => reason && reason.code !== "FEEDBACK_NOT_FOUND");
    if (failed) throw failed.reason;
    entries.forEach((id) => this.#known.delete(id));
    this.corrections.stored(step, null);
  }

  /** Of the stored entries those that were given here or known before, and whether these are all that there should be. */
  compare(entries) {
    const ours = entries.filter((entry) => this.#known.has(entry.feedback_id));
    return { ours, isSame: ours.length === entries.length && ours.length === this.#known.size };
  }

  /** The entries that say `items` and are new; null where there are none. */
  async #found(items) {
    const entries = (await this.feedback.list()).filter((entry) => !this.#known.has(entry.feedback_id));
    const start = entries.findIndex((_, at) => items.every((item, i) => says(entries[at + i], item)));
    return start < 0 ? null : entries.slice(start, start + items.length);
  }
}

function says(entry, item) {
  if (!entry || entry.feedback !== item.feedback) return false;
  if (item.room_id && entry.room_id !== item.room_id) return false;
  return canonical(entry.correction) === canonical(item.correction) && (entry.comment || "") === (item.comment || "");
}

const canonical = (value) => JSON.stringify(value ?? null, Object.keys(value ?? {}).sort());
