"""``/api/v1/jobs/{job_id}/feedback``: what people say about the rooms of a preview."""

from typing import Any

from flask import Response, jsonify
from flask.views import MethodView

from jobs.api.current_use_cases import use_cases
from jobs.api.errors import ERRORS
from jobs.api.schemas.feedback import (
    FEEDBACK_ID_PARAMETER,
    FeedbackItemsSchema,
    FeedbackListQuerySchema,
    FeedbackListSchema,
    FeedbackRequestSchema,
    FeedbackSchema,
)
from jobs.api.schemas.fields import JOB_ID_PARAMETER
from jobs.domain import errors
from jobs.domain.feedback import Correction, Entry, Submission
from jobs.use_cases.read_feedback import FeedbackPage
from shared.http import EnvelopeBlueprint, principal
from shared.http.envelope import envelope_schema, success

feedback = EnvelopeBlueprint(
    "feedback",
    __name__,
    errors=ERRORS,
    url_prefix="/api/v1/jobs",
    description="Feedback on rooms, and corrections",
)

_ANSWER = {
    201: {
        "content": {
            "application/json": {
                "schema": {"oneOf": [envelope_schema(FeedbackSchema), envelope_schema(FeedbackItemsSchema)]}
            }
        }
    }
}


@feedback.route("/<job_id>/feedback", parameters=[JOB_ID_PARAMETER])
class FeedbackCollection(MethodView):
    @feedback.doc(operationId="giveFeedback", responses=_ANSWER)
    @feedback.arguments(FeedbackRequestSchema)
    @feedback.response(201, FeedbackSchema)
    @feedback.raises(
        errors.InvalidJobId,
        errors.JobNotFound,
        errors.InvalidFeedback,
        errors.PreviewNotFound,
        errors.NoSuchPage,
    )
    def post(self, body: dict[str, Any], job_id: str) -> Response | Entry:
        """Give feedback on rooms

        Confirm or correct a room, remove one that is none, or add one that is missing. Of several `items`
        either all are stored or none. `corrected=true` answers the preview with the corrected rooms.
        """
        several = "items" in body
        submissions = [_submission(each) for each in (body["items"] if several else [body])]
        caller = principal()
        entries = use_cases().give_feedback(job_id, caller.owner, caller.key_id, submissions, several=several)
        if not several:
            return entries[0]
        response = jsonify(success(FeedbackItemsSchema().dump({"items": entries})))
        response.status_code = 201
        return response

    @feedback.doc(operationId="listFeedback")
    @feedback.arguments(FeedbackListQuerySchema, location="query")
    @feedback.response(200, FeedbackListSchema)
    @feedback.raises(errors.InvalidJobId, errors.JobNotFound, errors.NoSuchPage)
    def get(self, query: dict[str, Any], job_id: str) -> FeedbackPage:
        """List the feedback on a job, oldest first

        Feedback that was taken back is left out.
        """
        return use_cases().read_feedback.list(
            job_id, principal().owner, query.get("page"), query["limit"], query.get("cursor")
        )


@feedback.route("/<job_id>/feedback/<feedback_id>", parameters=[JOB_ID_PARAMETER, FEEDBACK_ID_PARAMETER])
class FeedbackResource(MethodView):
    @feedback.doc(operationId="takeBackFeedback")
    @feedback.response(200, FeedbackSchema)
    @feedback.raises(errors.InvalidJobId, errors.JobNotFound, errors.FeedbackNotFound)
    def delete(self, job_id: str, feedback_id: str) -> Entry:
        """Take back feedback

        The entry no longer counts. Neither does feedback on a room that only this entry added.
        """
        return use_cases().take_back_feedback(job_id, feedback_id, principal().owner)


def _submission(body: dict[str, Any]) -> Submission:
    return Submission(
        verdict=body["feedback"],
        page=body["page"],
        room_id=body.get("room_id"),
        correction=_correction(body.get("correction")),
        comment=body.get("comment"),
    )


def _correction(body: dict[str, Any] | None) -> Correction | None:
    if body is None:
        return None
    polygon, box = body.get("polygon"), body.get("bounding_box")
    return Correction(
        polygon=None if polygon is None else tuple((x, y) for x, y in polygon),
        bounding_box=None if box is None else (box[0], box[1], box[2], box[3]),
        name=body.get("name"),
        sets_name="name" in body,
        room_type=body.get("room_type"),
        removed=body.get("removed"),
    )
