"""Under which names exports and pictures are saved; a valid job id needs no escaping."""


def page_name(job_id: str, page: int, extension: str) -> str:
    return f"{job_id}.p{page}.{extension}"


def bare_page_name(job_id: str, page: int) -> str:
    """Of the picture without rooms, which COCO names."""
    return page_name(job_id, page, "bare.png")


def document_name(job_id: str, extension: str) -> str:
    return f"{job_id}.{extension}"
