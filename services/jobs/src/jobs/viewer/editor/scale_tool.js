/** The scale of the page from a length that a person knows. */

import { request } from "../api.js";
import { announce } from "../dom.js";
import { draw } from "./drawing.js";
import { parseLength } from "./lengths.js";
import { askText } from "./question.js";
import { decimal, errorWords, feetWords } from "../words.js";

const PROBLEM = "Type a length from 1 cm to 10 km, such as 5.2, 5,2 m, 520 cm or 17'-8\".";

/**
 * Draw a line, ask how long it is, and have it saved as the scale. `toPage` maps pixels of the page to page coordinates;
 * `lengthOf(from, to)` is the length of a line in metres by the present scale, or null.
 */
export function drawScale({ plan, hint, toPage, lengthOf, save, ended }) {
  return draw(plan, {
    kind: "line",
    hint,
    ended,
    done(line) {
      const [from, to] = toPage(line);
      if (from[0] === to[0] && from[1] === to[1]) return false;
      askLength(lengthOf(from, to)).then((metres) => metres && save({ from, to, metres }));
      return true;
    },
  });
}

const askLength = (present) =>
  askText({
    title: "How long is this line?",
    label: "Length",
    hint: `In metres, millimetres, or feet and inches.${present === null ? "" : ` By the present scale it is ${decimal(present, 2)} m.`}`,
    explain: (metres) => `${decimal(metres, 2)} m, which is ${feetWords(metres)}.${present === null ? "" : ` By the present scale it is ${decimal(present, 2)} m.`}`,
    example: "5.2 or 17'-8\"",
    yes: "Set the scale",
    parse: parseLength,
    problem: PROBLEM,
  });

/** The scale that people give the page: kept by the service, and the last one can be taken back. */
export class GivenScale {
  #given; // undefined while only the service knows it
  #before = null;

  constructor(host, page) {
    Object.assign(this, { host, page });
  }

  get canUndo() {
    return this.#before !== null;
  }

  /** Something else was done, which is undone first. */
  settle() {
    this.#before = null;
  }

  /** `scale` as the API takes it; null has the one that was given forgotten. */
  async give(scale) {
    const isGiven = this.host.preview().scale?.source === "given";
    const before = isGiven ? this.#given : null;
    if (await this.#keep(scale, scale ? "The scale is set, and the areas follow it." : "The scale that was given is forgotten.")) {
      this.#before = before === undefined ? null : { scale: before };
    }
    await this.host.reload();
  }

  async undo() {
    const { scale } = this.#before;
    this.settle();
    await this.#keep(scale, "The scale is as it was before.");
    await this.host.reload();
  }

  /** Whether it was kept. */
  async #keep(scale, said) {
    try {
      const body = { page: this.page.number, scale };
      await request("POST", `/jobs/${this.host.jobId}/preview`, { body, signal: this.host.signal });
      this.#given = scale;
      announce(said);
      return true;
    } catch (error) {
      if (error.name !== "AbortError") announce(`The scale was not kept. ${errorWords(error)}`);
      return false;
    }
  }
}

/** Metres between two points of the page; null where it has no scale. */
export function lengthBy(scale, from, to) {
  if (!scale) return null;
  const [wide, high] = scale.metres_per_unit;
  return Math.hypot((to[0] - from[0]) * wide, (to[1] - from[1]) * high);
}
