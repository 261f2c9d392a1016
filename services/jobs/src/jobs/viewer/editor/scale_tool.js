/** The scale of the page from a length that a person knows. */

import { request } from "../api.js";
import { announce } from "../dom.js";
import { draw } from "./drawing.js";
import { parseLength } from "./lengths.js";
import { askText } from "./question.js";

const PROBLEM = "Type a length from 1 cm to 10 km, such as 5.2, 5,2 m, 520 cm or 17'-8\".";

/**
 * Draw a line, ask how long it is, and give that as the scale; `given()` follows when the service has it. `drawn` maps
 * pixels of the page to page coordinates.
 */
export function drawScale({ plan, hint, toPage, save, ended }) {
  return draw(plan, {
    kind: "line",
    hint,
    ended,
    done(line) {
      const [from, to] = toPage(line);
      if (from[0] === to[0] && from[1] === to[1]) return false;
      askLength().then((metres) => metres && save({ from, to, metres }));
      return true;
    },
  });
}

const askLength = () =>
  askText({
    title: "How long is this line?",
    label: "Length",
    hint: "In metres, or in feet and inches.",
    example: "5.2 or 17'-8\"",
    yes: "Set the scale",
    parse: parseLength,
    problem: PROBLEM,
  });

/** Have the service keep the scale of a page; `scale` of null has it forgotten. */
export async function saveScale({ jobId, page, signal }, scale) {
  await request("POST", `/jobs/${jobId}/preview`, { body: { page, scale }, signal });
  announce(scale ? "The scale is set, and the areas follow it." : "The scale that was given is forgotten.");
}
