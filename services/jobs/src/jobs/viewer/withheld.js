/* The regions that were looked at and taken for no room, on the plan and as a list of reasons.
 *
 *   toggleWithheld({jobId, page, plan, parts, signal})   shows them, or hides them again; `parts` of job_view.js
 */

import { request } from "./api.js";
import { announce, el } from "./dom.js";
import { reasonWords } from "./words.js";

/** Doors and furniture lie in rooms that were found, and would cover the plan: they are counted alone. */
const PART_OF_A_ROOM = "furniture";

export async function toggleWithheld({ jobId, page, plan, parts, signal }) {
  const { withheld: button, reasons } = parts;
  const shown = button.getAttribute("aria-pressed") !== "true";
  const { data } = shown ? await request("GET", `/jobs/${jobId}/preview?page=${page}&withheld=true`, { signal }) : { data: { withheld: [] } };
  button.setAttribute("aria-pressed", String(shown));
  button.textContent = shown ? "Hide what was left out" : "Show what was left out";
  reasons.hidden = !shown;
  const drawn = data.withheld.filter(({ reason }) => reason !== PART_OF_A_ROOM);
  reasons.replaceChildren(...lines(drawn, data.withheld.length - drawn.length).map((text) => el("li", {}, text)));
  plan.setWithheld(drawn);
  if (drawn.length) announce("What was left out is dashed in grey. Point at it to see why.");
}

function lines(drawn, parts) {
  if (drawn.length + parts === 0) return ["Nothing was left out."];
  return [...reasonWords(drawn), ...(parts ? [`${parts} × Furniture, doors and other small parts of rooms, which are not drawn.`] : [])];
}
