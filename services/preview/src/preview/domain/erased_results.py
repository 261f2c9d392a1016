"""What was removed of a job."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErasedResults:
    """How many stored previews (``results``) and analyses, one of each a page and version at most."""

    results: int
    analysis: int
