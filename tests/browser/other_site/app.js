// A small browser application: it creates jobs, lists them page by page, and saves files under their own names.
"use strict";

const { api, key } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
const element = (id) => document.getElementById(id);
let jobId = null;

async function call(path, init = {}) {
  const headers = { "X-API-Key": key, "X-Correlation-ID": "browser", ...init.headers };
  const response = await fetch(`${api}/api/v1/jobs${path}`, { ...init, headers });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response;
}

const read = async (path, init) => (await (await call(path, init)).json()).data;

async function create(file) {
  const form = new FormData();
  form.append("file", file);
  const created = await call("", {
    method: "POST",
    body: form,
    headers: { "Idempotency-Key": crypto.randomUUID() },
  });
  jobId = created.headers.get("Location").split("/").pop();
  const rooms = await preview();
  return `${jobId}: ${rooms.length} rooms`;
}

async function preview() {
  for (;;) {
    const answer = await call(`/${jobId}/preview`, {
      method: "POST",
      body: JSON.stringify({ page: 1 }),
      headers: { "Content-Type": "application/json" },
    });
    if (answer.status === 200) return (await answer.json()).data.rooms;
    await new Promise((done) => setTimeout(done, 1000 * answer.headers.get("Retry-After")));
  }
}

async function list() {
  let cursor = null;
  do {
    const query = new URLSearchParams({ limit: 1, status: "completed", ...(cursor && { cursor }) });
    const page = await read(`?${query}`);
    for (const job of page.jobs) {
      element("jobs").append(Object.assign(document.createElement("li"), { textContent: job.job_id }));
    }
    cursor = page.next_cursor;
  } while (cursor);
}

async function save(path) {
  const answer = await call(`/${jobId}/${path}`);
  const [, name] = answer.headers.get("Content-Disposition").match(/filename="([^"]+)"/);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
}

element("file").addEventListener("change", async ({ target }) => {
  const file = target.files[0];
  target.value = ""; // so that the same plan can be chosen again
  element("said").textContent = await create(file);
});
element("list").addEventListener("click", list);
element("blueprint").addEventListener("click", () => save("blueprint"));
element("image").addEventListener("click", () => save("preview/image?page=1"));
element("csv").addEventListener("click", () => save("preview?page=1&format=csv"));
element("geojson").addEventListener("click", () => save("preview?page=1&format=geojson"));
