"""What can go wrong in a way that a caller can act on. Messages are for people and safe to show."""

from jobs.domain.formats import FORMATS, TITLES, either

BLUEPRINT_GONE = "The blueprint of this job is no longer stored. Create the job again."
"""Said by the answer to a download and by the job that failed for it."""

_MAX_FORMAT_CHARACTERS = 100  # of what a caller calls a format; ours have four
_MAX_ECHOED_CHARACTERS = 100


class InvalidRequest(Exception):
    """The request contradicts its own description; ``field`` is where."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.details = {"problems": {field: [message]}}


class UrlInputDisabled(Exception):
    def __init__(self) -> None:
        super().__init__("Blueprints by URL are switched off here. Send the file itself, or use an upload.")


class UrlNotAllowed(Exception):
    """The URL is refused, or no file came from it: the caller cannot tell which, so as to learn nothing of
    what can be reached from here.

    ``reason`` is for our logs only; ``suspicious`` when the URL leads inside.
    """

    def __init__(self, reason: str, *, suspicious: bool = False) -> None:
        super().__init__(
            "No file could be fetched from this URL. Give one that begins with https:// and from which "
            "anybody gets the file itself over the internet within 5 seconds, or send the file."
        )
        self.reason = reason
        self.suspicious = suspicious


class NotABlueprint(Exception):
    """The bytes are of no accepted format; ``found_format`` is what they look like, or None."""

    reason = "not_a_blueprint"  # how a sandboxed child says so, who can only refuse by name

    def __init__(self, found_format: str | None) -> None:
        super().__init__(f"The file is not a {TITLES}. Export the plan in one of these.")
        self.found_format = found_format


class InvalidFileFormat(Exception):
    """What the caller calls the file and what it is are not one accepted format."""

    def __init__(self, received_format: str | None, found_format: str | None) -> None:
        received_format = received_format and received_format[:_MAX_FORMAT_CHARACTERS]
        super().__init__(_format_advice(received_format, found_format))
        self.details = {"received_format": received_format, "found_format": found_format}


class UnreadableBlueprint(Exception):
    """The file is of a known format but cannot be used: encrypted, too many pixels or pages, corrupt."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.details = {"reason": reason}


class FileTooLarge(Exception):
    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"The file is larger than the {limit_bytes} bytes allowed. Export it smaller.")
        self.details = {"limit_bytes": limit_bytes}


class InvalidJobId(Exception):
    def __init__(self) -> None:
        super().__init__("This is not a job id. Use the job_id that creating the job answered.")


class JobNotFound(Exception):
    def __init__(self, job_id: str) -> None:
        super().__init__("No job of yours has this id. Check the id, or create the job again.")
        self.details = {"job_id": job_id}


class BlueprintNotFound(Exception):
    def __init__(self, job_id: str) -> None:
        super().__init__(BLUEPRINT_GONE)
        self.details = {"job_id": job_id}


class UploadNotFound(Exception):
    """Unsent, used, expired, another owner's, or never opened: the caller cannot tell which."""

    def __init__(self) -> None:
        super().__init__("No upload of yours is ready under this id. Open a new one and send the file to it.")


class JobFinished(Exception):
    """The job is completed, failed or cancelled, and what was asked needs one that is not."""

    def __init__(self, job_id: str, status: str) -> None:
        super().__init__(f"The job is already {status}. Create a new job if the plan is needed again.")
        self.details = {"job_id": job_id, "status": status}


class JobCancelled(Exception):
    def __init__(self, job_id: str) -> None:
        super().__init__("This job was cancelled. Create a new job to preview the blueprint.")
        self.details = {"job_id": job_id}


class ConcurrentUpdate(Exception):
    """The job changed between reading and writing it."""

    def __init__(self, job_id: str) -> None:
        super().__init__("The job changed while this request ran. Read the job and try again.")
        self.details = {"job_id": job_id}


class UploadChanged(Exception):
    """The object behind an upload was replaced while it was being read."""

    def __init__(self) -> None:
        super().__init__("The file was sent again while it was being read. Try again with the same upload.")


class IdempotencyKeyReused(Exception):
    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key was used for another file or other options. Use a new key for each request."
        )


class RequestInProgress(Exception):
    """Another request under the same key is at work, or has taken this one's place."""

    def __init__(self) -> None:
        super().__init__(
            "A request with this Idempotency-Key is still running. Send it again in a few seconds."
        )


class PagesRefused(Exception):
    """Preview answered, and does not take the pages."""


class InvalidFeedback(Exception):
    """What is said makes no sense; ``rule`` names the part that is wrong."""

    def __init__(self, rule: str, message: str, place: int | None = None) -> None:
        super().__init__(message if place is None else f"Item {place + 1}: {message}")
        self.details = {"rule": rule} | ({} if place is None else {"item": place})
        self._said = rule, message

    def at(self, place: int) -> "InvalidFeedback":
        """The same of one item of several, counted from 0."""
        return InvalidFeedback(*self._said, place)


class FeedbackNotFound(Exception):
    def __init__(self, feedback_id: str) -> None:
        super().__init__("This job has no feedback of this id. List its feedback to see what there is.")
        self.details = {"feedback_id": feedback_id[:_MAX_ECHOED_CHARACTERS]}


class PreviewNotFound(Exception):
    def __init__(self, job_id: str, page: int) -> None:
        super().__init__(f"Page {page} has no preview yet. POST to the job's preview to compute it.")
        self.details = {"job_id": job_id, "page": page}


class NoSuchPage(Exception):
    def __init__(self, page: int, page_count: int) -> None:
        super().__init__(f"The blueprint has {page_count} page(s). Name a page from 1 to {page_count}.")
        self.details = {"reason": "no_such_page", "page": page, "page_count": page_count}


def _format_advice(received: str | None, found: str | None) -> str:
    if found is None:
        return f"The file is not recognised as a {TITLES}. Export the plan in one of these."
    if received is None or received == found:
        return f"The file looks like {found}, which is not accepted. Export the plan as {TITLES}."
    names = either(FORMATS)
    return f"The file was sent as {received} but looks like {found}. Send it as what it is: {names}."
