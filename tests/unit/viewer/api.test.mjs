import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

let stored = "a-key";
const told = [];
globalThis.sessionStorage = { getItem: () => stored, setItem: (_, text) => (stored = text) };
globalThis.document = { hidden: false, dispatchEvent: ({ type }) => told.push(type) };
const { ApiError, createPictures, file, key, request, watchJob } = await import("../../../services/jobs/src/jobs/viewer/api.js");

const JOB = { job_id: "job_1", status: "processing", pages: { asked: 1, done: 0, failed: 0 } };
const DONE = { ...JOB, status: "completed", pages: { asked: 1, done: 1, failed: 0 } };

let asked;
let answers;

const answer = (status, body, headers = {}) => () => new Response(body === null ? null : JSON.stringify(body), { status, headers });
const job = (data, etag) => answer(200, { status: "success", data }, { ETag: etag });
const refused = (status, code, headers = {}) => answer(status, { status: "error", error: { code, message: "No.", details: {} }, meta: {} }, headers);

beforeEach(() => {
  asked = [];
  answers = [];
  globalThis.fetch = async (path, options) => {
    asked.push({ path, ...options });
    return answers.shift()();
  };
});

/** Runs `work` on a clock that jumps to whatever is waited for. */
async function hurried(work) {
  mock.timers.enable({ apis: ["setTimeout"] });
  let over = false;
  const result = work().finally(() => (over = true));
  result.catch(() => {});
  while (!over) {
    await new Promise(setImmediate);
    mock.timers.tick(30_000);
  }
  mock.timers.reset();
  return result;
}

test("a request carries the key and unwraps the envelope", async () => {
  answers = [job(JOB, '"1"')];
  const { data, status } = await request("GET", "/jobs/job_1");
  assert.deepEqual([status, data], [200, JOB]);
  assert.equal(asked[0].path, "/api/v1/jobs/job_1");
  assert.equal(asked[0].headers["X-API-Key"], "a-key");
});

test("a refusal becomes an error with its code", async () => {
  answers = [refused(404, "JOB_NOT_FOUND")];
  await assert.rejects(request("GET", "/jobs/job_1"), { code: "JOB_NOT_FOUND", status: 404 });
});

test("a key that is not known is told of, but not where another was entered meanwhile, which is told of too", async () => {
  answers = [refused(401, "UNAUTHORIZED")];
  await assert.rejects(request("GET", "/jobs"), { status: 401 });
  assert.deepEqual(told.splice(0), ["key-refused"]);
  answers = [() => (key.set("another-key\u200b"), refused(401, "UNAUTHORIZED")())];
  await assert.rejects(request("GET", "/jobs"), { status: 401 });
  assert.deepEqual([told.splice(0), stored], [["key-entered"], "another-key"]);
  key.set("a-key");
});

test("an answer that is not the service's own is the service being away", async () => {
  answers = [() => new Response("<html>", { status: 502 })];
  await assert.rejects(request("POST", "/jobs"), { code: "SERVICE_UNAVAILABLE", status: 502 });
});

test("no answer is the network", async () => {
  answers = [() => { throw new TypeError("failed to fetch"); }];
  await assert.rejects(request("GET", "/jobs"), (error) => error instanceof ApiError && error.code === "NETWORK");
});

test("a read that the service is too busy for is sent again, a write is not", async () => {
  answers = [refused(503, "SERVICE_UNAVAILABLE", { "Retry-After": "2" }), refused(429, "RATE_LIMIT_EXCEEDED"), job(JOB, '"1"')];
  const { data } = await hurried(() => request("GET", "/jobs/job_1"));
  assert.deepEqual(data, JOB);
  answers = [refused(503, "SERVICE_UNAVAILABLE", { "Retry-After": "2" })];
  await assert.rejects(request("POST", "/jobs"), { code: "SERVICE_UNAVAILABLE", retryAfter: 2 });
});

test("a job is watched by conditional reads that wait, until it has settled", async () => {
  answers = [job(JOB, '"1"'), answer(304, null, { "Preference-Applied": "wait=20" }), job(DONE, '"2"')];
  const seen = [];
  await hurried(() => watchJob("job_1", (read) => seen.push(read.status), new AbortController().signal));
  assert.deepEqual(seen, ["processing", "completed"]);
  assert.equal(asked[0].headers.Prefer, undefined);
  assert.deepEqual([asked[1].headers["If-None-Match"], asked[1].headers.Prefer], ['"1"', "wait=20"]);
});

test("a completed job is watched while pages that were asked for later are at work", async () => {
  answers = [job({ ...DONE, pages: { asked: 3, done: 1, failed: 0 } }, '"1"'), job(DONE, '"2"')];
  const seen = [];
  await hurried(() => watchJob("job_1", (read) => seen.push(read.pages.done), new AbortController().signal));
  assert.equal(seen.length, 2);
});

test("a watch goes on when the service is back, and ends where the job is gone", async () => {
  answers = [job(JOB, '"1"'), () => { throw new TypeError("failed to fetch"); }, refused(404, "JOB_NOT_FOUND")];
  const problems = [];
  const watch = hurried(() => watchJob("job_1", (_, problem) => problems.push(problem?.code ?? null), new AbortController().signal));
  await assert.rejects(watch, { code: "JOB_NOT_FOUND" });
  assert.deepEqual(problems, [null, "NETWORK"]);
});

test("pictures are fetched one at a time, those of the plan first", async () => {
  globalThis.URL.createObjectURL = (blob) => `blob:${blob.size}`;
  answers = Array(3).fill(() => new Response("png"));
  const pictures = createPictures("job_1");
  await Promise.all([
    pictures.load(1, { width: 160 }),
    pictures.load(2, { width: 160 }),
    pictures.load(3, { width: 2000, region: [0, 0, 500, 500], urgent: true }),
  ]);
  assert.deepEqual(asked.map(({ path }) => /page=(\d)/.exec(path)[1]), ["1", "3", "2"]);
  assert.match(asked[1].path, /rooms=false&width=2000&region=0,0,500,500$/);
});

test("a cancelled job is not waited for, whatever pages it still had", async () => {
  answers = [job({ ...JOB, status: "cancelled", pages: { asked: 60, done: 0, failed: 0 } }, '"1"')];
  const seen = [];
  await hurried(() => watchJob("job_1", (read) => seen.push(read.status), new AbortController().signal));
  assert.deepEqual(seen, ["cancelled"]);
});

test("a file has its name in all letters", async () => {
  const named = "attachment; filename=\"Gr_n.png\"; filename*=UTF-8''Gr%C3%BCn%3B.png";
  answers = [() => new Response("png", { headers: { "Content-Disposition": named } })];
  assert.equal((await file("/jobs/job_1/blueprint")).name, "Grün;.png");
});

test("a file has its name", async () => {
  answers = [() => new Response("a,b", { headers: { "Content-Disposition": 'attachment; filename="rooms.csv"' } })];
  assert.equal((await file("/jobs/job_1/preview?format=csv")).name, "rooms.csv");
});
