"""What can go wrong in a way that a caller can act on. Messages are for people and safe to show."""


class InvalidJobId(Exception):
    def __init__(self) -> None:
        super().__init__("This is not the id of a job. Use the job_id that creating the job answered.")


class JobNotFound(Exception):
    def __init__(self, job_id: str) -> None:
        super().__init__("No job of yours has this id. Check the id, or create the job again.")
        self.details = {"job_id": job_id}


class JobCancelled(Exception):
    def __init__(self, job_id: str) -> None:
        super().__init__("This job was cancelled. Create a new job to preview the blueprint.")
        self.details = {"job_id": job_id}


class ConcurrentUpdate(Exception):
    """The job changed between reading and writing it."""

    def __init__(self, job_id: str) -> None:
        super().__init__("The job changed while this request ran. Read the job and try again.")
        self.details = {"job_id": job_id}


class PreviewNotFound(Exception):
    def __init__(self, job_id: str, page: int) -> None:
        super().__init__("This page has no stored preview yet. POST to the job's preview first.")
        self.details = {"job_id": job_id, "page": page}


class UnusableBlueprint(Exception):
    """The stored file allows no preview of the page, however often it is tried."""


class BlueprintMissing(UnusableBlueprint):
    def __init__(self, job_id: str) -> None:
        super().__init__("The blueprint of this job is no longer stored. Create the job again.")
        self.details = {"job_id": job_id, "reason": "missing"}


class UnreadableBlueprint(UnusableBlueprint):
    """The file cannot be drawn: corrupt, encrypted, too many pixels or pages, too complex."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.details = {"reason": reason}


class NoSuchPage(UnusableBlueprint):
    def __init__(self, page: int, page_count: int) -> None:
        super().__init__(f"The blueprint has {page_count} page(s). Ask for a page from 1 to {page_count}.")
        self.details = {"reason": "no_such_page", "page": page, "page_count": page_count}


class PictureTooLarge(Exception):
    def __init__(self, size_px: tuple[int, int], limit: int) -> None:
        width, height = size_px
        super().__init__(
            f"This picture would have {width} by {height} pixels, and {limit} in all is the most. Ask for a "
            "smaller width, or for a region."
        )
        self.details = {"width_px": width, "height_px": height}


class InvalidPages(Exception):
    """What should name pages names none, or one that the document does not have."""

    def __init__(self, page_count: int) -> None:
        super().__init__(
            "Name the pages as 'all', or as numbers and ranges such as '1-3,7'. "
            f"The blueprint has {page_count} page(s)."
        )
        self.details = {"page_count": page_count}


class RatioOfPicture(Exception):
    """A scale such as 1:100, of a file whose pages have no size in millimetres."""

    def __init__(self, blueprint_format: str) -> None:
        super().__init__(
            f"A scale such as 1:100 needs the sheet's real size, which only a PDF has; this is a "
            f"{blueprint_format}. Give two points and the metres between them."
        )
        self.details = {"blueprint_format": blueprint_format}


class PageChanged(Exception):
    """A page of a job, or the round in which it counts, changed between reading and writing it."""

    def __init__(self) -> None:
        super().__init__("The pages of the job changed while this request ran. Send it again.")


class DetectionTimeout(Exception):
    """Room detection took longer than it may."""


class DeadlineExceeded(Exception):
    """The deadline came before there was anything to answer."""

    def __init__(self) -> None:
        super().__init__("The preview could not be made in time. Ask again in a few seconds.")


class TooBusy(Exception):
    """No more previews are computed, or waited for, at once."""

    def __init__(self) -> None:
        super().__init__("The service is busy with other previews. Ask again in a few seconds.")
