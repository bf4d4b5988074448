"""POST /api/v1/token: a site key and an allowed origin, or a secret key, for a visitor's token."""

from asgiref.sync import async_to_sync
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sessions_app.api.integrator import once
from sessions_app.api.problems import MEDIA_TYPE, parse_body
from sessions_app.api.visitors import address_of, bearer_of, origin_of
from sessions_app.limiting.gates import (
    limit_requests,
    limit_visit,
    request_standings,
    visit_standings,
)
from sessions_app.limiting.headers import tell_limits
from sessions_app.services.grant import grant_visit
from sessions_app.shapes import ProblemAnswer, TokenGranted, TokenRequest
from tenants.errors import KeyUnknown
from tenants.keys import live_key, schema_of_key
from tenants.scope import tenant_scope

REFUSED = OpenApiResponse(ProblemAnswer, "Refused; see `code`.")
REFUSALS = {(status, MEDIA_TYPE): REFUSED for status in (400, 401, 403, 409, 422, 429, 503)}


class TokenView(APIView):
    """A secret key goes into the Authorization header and never comes from a browser."""

    @extend_schema(
        operation_id="token_create",
        tags=["visitor"],
        auth=[],
        request=TokenRequest,
        responses={200: TokenGranted, **REFUSALS},
    )
    def post(self, request: Request) -> HttpResponse:
        asked = parse_body(request._request, TokenRequest)
        origin = origin_of(request._request)
        secret = bearer_of(request._request)
        key = secret or asked.site
        schema = schema_of_key(key)
        address = address_of(request._request)
        if schema is None or not secret:
            # A customer's server asks for all of its visitors: its requests are limited instead.
            async_to_sync(limit_visit)(address)
        if schema is None:
            raise KeyUnknown
        if secret:
            async_to_sync(limit_requests)(schema)
        with tenant_scope(schema):
            row = live_key(secret) if secret else None
            response = (
                once(row, request, lambda: _granted(key, asked, origin))
                if row
                else _granted(key, asked, origin)
            )
        standings = async_to_sync(request_standings if secret else visit_standings)(
            schema if secret else address
        )
        response.headers["Cache-Control"] = "no-store"
        tell_limits(response, standings)
        return response


def _granted(key: str, asked: TokenRequest, origin: str | None) -> Response:
    grant = grant_visit(key, asked, origin)
    answer = TokenGranted(
        token=grant.token.jwt,
        expires=grant.token.expires.isoformat(),
        session=grant.visitor.public_id,
        resume=grant.resume,
        status=grant.status,
        settings=grant.settings,
    )
    return Response(answer.model_dump(mode="json"))
