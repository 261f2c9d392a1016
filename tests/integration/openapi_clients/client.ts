// What a TypeScript program does with the generated types; it is type-checked and never run.
import createClient from "openapi-fetch";
import type { components, operations, paths } from "./api";

type Job = components["schemas"]["Job"];
type Codes = components["schemas"]["ErrorCode"];

const api = createClient<paths>({ baseUrl: "https://plans.example", headers: { "X-API-Key": "key" } });

export async function roomsOf(file: Blob): Promise<string[]> {
  const created = await api.POST("/api/v1/jobs", {
    body: { file: "", preview: "true" },
    bodySerializer: () => {
      const form = new FormData();
      form.append("file", file);
      return form;
    },
  });
  if (created.error) throw new Error(explained(created.error.error.code));
  const job: Job = created.data.data;
  const { data, response } = await api.POST("/api/v1/jobs/{job_id}/preview", {
    params: { path: { job_id: job.job_id } },
    body: { page: 1, refresh: false },
  });
  if (response.status === 202 || !data || !("rooms" in data.data)) return [];
  return data.data.rooms.map((room) => room.name_hint ?? room.id);
}

export async function completed(cursor?: string): Promise<Job[]> {
  const { data, error } = await api.GET("/api/v1/jobs", {
    params: { query: { status: "completed", limit: 100, cursor } },
  });
  if (error) throw new Error(explained(error.error.code));
  const constant: "success" = data.status;
  return constant && data.data.jobs;
}

export const names: (keyof operations)[] = ["createJob", "listJobs", "getJob", "cancelJob", "getPreview"];

function explained(code: Codes): string {
  switch (code) {
    case "UNSUPPORTED_API_VERSION":
    case "METHOD_NOT_ALLOWED":
      return "This program is too old.";
    default:
      return code;
  }
}

// @ts-expect-error a status that there is not
void api.GET("/api/v1/jobs", { params: { query: { status: "done" } } });
// @ts-expect-error a code that there is not
explained("NO_SUCH_CODE");
// @ts-expect-error a constant is no other text
export const wrong: components["schemas"]["ErrorEnvelope"]["status"] = "success";
