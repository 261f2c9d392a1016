"""Ids of no job, as they stand in a URL: the well-formed ones are 404, the others 400 ``INVALID_JOB_ID``."""

WELL_FORMED_IDS = ("job_nope", "job_a", "job_" + "a" * 80, "job_A-b_9")
MALFORMED_IDS = (
    "abc",
    "job_",
    "JOB_nope",
    "job_%C3%A4",
    "job_nope%0A",
    "job_a.b",
    "job_" + "a" * 81,
    "up_20260301120000_0123456789abc",
)
