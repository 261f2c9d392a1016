"""The errors of Textract's own model, with the HTTP status each is sent with."""


class TextractError(Exception):
    """Answered as ``{"__type": code, "message": str(self)}``."""

    code = "InternalServerError"
    status = 500


class InternalServerError(TextractError):
    """A scripted fault."""


class ProvisionedThroughputExceeded(TextractError):
    code = "ProvisionedThroughputExceededException"
    status = 400


class InvalidParameter(TextractError):
    code = "InvalidParameterException"
    status = 400


class InvalidS3Object(TextractError):
    code = "InvalidS3ObjectException"
    status = 400


class UnsupportedDocument(TextractError):
    code = "UnsupportedDocumentException"
    status = 400


class DocumentTooLarge(TextractError):
    code = "DocumentTooLargeException"
    status = 400


class BadDocument(TextractError):
    code = "BadDocumentException"
    status = 400


class UnknownOperation(TextractError):
    code = "UnknownOperationException"
    status = 400


class Serialization(TextractError):
    code = "SerializationException"
    status = 400
