/* The regions that were looked at and taken for no room, on the plan and as a list of reasons.
 *
 *   toggleWithheld({jobId, page, plan, parts, signal})   shows them, or hides them again; `parts` of job_view.js
 */

import { request } from "./api.js";
import { announce, el } from "./dom.js";
import { reasonWords } from "./words.js";

export async function toggleWithheld({ jobId, page, plan, parts, signal }) {
  const { withheld: button, reasons } = parts;
  const shown = button.getAttribute("aria-pressed") !== "true";
  const { data } = shown ? await request("GET", `/jobs/${jobId}/preview?page=${page}&withheld=true`, { signal }) : { data: { withheld: [] } };
  button.setAttribute("aria-pressed", String(shown));
  button.textContent = shown ? "Hide what was left out" : "Show what was left out";
  reasons.hidden = !shown;
  reasons.replaceChildren(...reasonWords(data.withheld).map((text) => el("li", {}, text)));
  plan.setWithheld(data.withheld);
  if (shown) announce("What was taken for no room is dashed in grey. Point at it to see why.");
}
