/* Erasing a plan, with everything made of it.
 *
 *   eraseJob(job) → Promise of whether it was erased: the person is asked first
 */

import { request } from "./api.js";
import { ask } from "./dom.js";
import { fileName } from "./words.js";

export async function eraseJob(job) {
  const agreed = await ask({
    title: "Erase this plan?",
    text: `${fileName(job)}, its rooms, the text read on it and all corrections are deleted at once, and cannot be brought back.`,
    yes: "Erase",
  });
  if (agreed) await request("DELETE", `/jobs/${job.job_id}/data`);
  return agreed;
}
