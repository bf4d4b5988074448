"""POST /api/v1/sessions/{id}/close: the visitor ends the chat."""

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from sessions_app.api.problems import answers_problems
from sessions_app.api.visitors import origin_of, visitor_of_session
from sessions_app.inbox import Channel
from sessions_app.services.visit import open_visit
from sessions_app.shapes import SessionClosedAnswer
from sessions_app.turns import end_session
from tenants.scope import tenant_call


@csrf_exempt
@answers_problems("POST")
async def close(request: HttpRequest, session: str) -> HttpResponseBase:
    visitor = visitor_of_session(request, session)
    await tenant_call(visitor.schema, open_visit, visitor, origin_of(request))
    await end_session(Channel(visitor.schema, visitor.session_id), "visitor")
    answer = SessionClosedAnswer(session=visitor.public_id, status="closed")
    return JsonResponse(answer.model_dump())
