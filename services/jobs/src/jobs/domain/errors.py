"""What can go wrong in a way that a caller can act on. Messages are for people and safe to show."""


class NotABlueprint(Exception):
    """The bytes are not a PNG, JPG or PDF; ``found_format`` is what they look like, or None."""

    def __init__(self, found_format: str | None) -> None:
        super().__init__("The file is not a PNG, JPG or PDF. Export the plan in one of these and send it again.")
        self.found_format = found_format


class UnreadableBlueprint(Exception):
    """The file is of a known format but cannot be used: encrypted, too many pixels or pages, corrupt."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.details = {"reason": reason}
