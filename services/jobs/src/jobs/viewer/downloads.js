/* Downloads: every format of a page and of the whole document, the picture and the file itself.
 *
 *   fillDownloads(container, {job, page, signal})
 *
 * A link cannot carry the key, so the page fetches a file and then has the browser save it.
 */

import { file } from "./api.js";
import { announce, el } from "./dom.js";
import { errorWords, fileName } from "./words.js";

const OF_PAGE = [
  ["schedule", "Room schedule, Excel"],
  ["csv", "Table of rooms, CSV"],
  ["xlsx", "Table of rooms, Excel"],
  ["dxf", "Drawing for CAD, DXF"],
  ["svg", "Outlines, SVG"],
  ["geojson", "Outlines, GeoJSON"],
  ["coco", "Annotations, COCO"],
  ["json", "Everything, JSON"],
];
const OF_DOCUMENT = ["schedule", "csv", "xlsx", "geojson", "coco", "json"];
const EXTENSION = { coco: "coco.json", schedule: "schedule.xlsx" };

export function fillDownloads(container, { job, page, signal }) {
  const base = fileName(job).replace(/\.[^.]*$/, "");
  const preview = `/jobs/${job.job_id}/preview`;
  const part = job.page_count > 1 ? `.p${page}` : "";

  const item = (text, path, name) => el("li", {}, el("button", { type: "button", onclick: () => save(path, name, signal) }, text));
  const named = (format, number) => `${base}${number}.${EXTENSION[format] ?? format}`;
  const ofPage = OF_PAGE.map(([format, text]) => item(text, `${preview}?page=${page}&corrected=true&format=${format}`, named(format, part)));
  ofPage.push(item("Picture with the rooms, PNG", `${preview}/image?page=${page}&corrected=true`, `${base}${part}.rooms.png`));
  const ofDocument = OF_PAGE.filter(([format]) => OF_DOCUMENT.includes(format)).map(([format, text]) =>
    item(text, `${preview}s?corrected=true&format=${format}`, named(format, "")),
  );

  const group = (title, items) => [el("h3", {}, title), el("ul", {}, ...items)];
  container.replaceChildren(
    ...group(job.page_count > 1 ? `Page ${page}` : "Rooms", ofPage),
    ...(job.page_count > 1 ? group("All pages", ofDocument) : []),
    ...group("File", [item("As it was sent", `/jobs/${job.job_id}/blueprint`, null)]),
  );
}

/** Under `name`, else under that of the answer. */
async function save(path, wanted, signal) {
  try {
    const { blob, name: answered, headers } = await file(path, { signal });
    const name = wanted ?? answered;
    const url = URL.createObjectURL(blob);
    el("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    const missing = headers.get("X-Missing-Pages");
    announce(missing ? `${name} is saved, without the pages ${missing}: they have no rooms yet.` : `${name} is saved.`);
  } catch (error) {
    if (error.name !== "AbortError") announce(errorWords(error));
  }
}
