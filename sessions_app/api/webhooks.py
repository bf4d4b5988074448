"""Webhooks of the key's website: set up, tried out, looked into, sent again."""

import re
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from ai_bridge.outbound import OutboundRefused
from sessions_app.api.integrator import (
    IDEMPOTENCY,
    PAGE_PARAMETERS,
    IntegratorView,
    Pages,
    answered,
    idempotent,
)
from sessions_app.api.problems import parse_body
from sessions_app.api.webhook_shapes import (
    DeliveryDetail,
    DeliveryPage,
    DeliveryRow,
    ResendMany,
    Resent,
    WebhookChange,
    WebhookCreate,
    WebhookList,
    WebhookRow,
    WebhookWithSecret,
    delivery_detail,
    delivery_row,
    webhook_row,
    webhook_with_secret,
)
from sessions_app.errors import BadRequest, DeliveryUnknown
from sessions_app.models import Delivery
from sessions_app.services.resend import resend, send_test
from tenants.errors import WebhookUnknown
from tenants.webhooks import checked_url, create_webhook, rotate_secret
from tenants.workspace.models import Scope, Webhook

MOST_AT_ONCE = 1000
NO_ROW = UUID(int=0)


class WebhookView(IntegratorView):
    scope = Scope.WEBHOOKS

    def found(self, public_id: str) -> Webhook:
        """A webhook of the key's own website; those for all websites are the dashboard's."""
        webhooks = Webhook.objects.filter(website=self.website, id=_id(public_id, "whk_"))
        webhook = webhooks.first()
        if webhook is None:
            raise WebhookUnknown
        return webhook

    def deliveries(self, public_id: str) -> Any:
        found = Delivery.objects.filter(webhook=self.found(public_id))
        return found.select_related("webhook", "outbox", "session")


class WebhooksView(WebhookView):
    @extend_schema(operation_id="webhooks_list", tags=["integrator"], responses=WebhookList)
    def get(self, request: Request) -> Response:
        """The webhooks of the key's website, newest first."""
        rows = Webhook.objects.filter(website=self.website)
        return answered(WebhookList(results=[webhook_row(row) for row in rows]))

    @extend_schema(
        operation_id="webhooks_create",
        tags=["integrator"],
        parameters=[IDEMPOTENCY],
        request=WebhookCreate,
        responses={201: WebhookWithSecret},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """The answer holds the signing secret: keep it, it is not answered again."""
        asked = parse_body(request._request, WebhookCreate)
        webhook = create_webhook(
            url=_allowed(asked.url),
            events=asked.events,
            description=asked.description,
            website=self.website,
        )
        return answered(webhook_with_secret(webhook), 201)


class OneWebhookView(WebhookView):
    @extend_schema(operation_id="webhooks_read", tags=["integrator"], responses=WebhookRow)
    def get(self, request: Request, webhook: str) -> Response:
        return answered(webhook_row(self.found(webhook)))

    @extend_schema(
        operation_id="webhooks_update",
        tags=["integrator"],
        request=WebhookChange,
        responses=WebhookRow,
    )
    def patch(self, request: Request, webhook: str) -> Response:
        """Changes what is given. `active: true` also forgets why it was switched off."""
        found = self.found(webhook)
        asked = parse_body(request._request, WebhookChange)
        if asked.url is not None:
            found.url = _allowed(asked.url)
        if asked.events is not None:
            found.events = list(asked.events)
        if asked.description is not None:
            found.description = asked.description
        if asked.active is not None:
            found.is_active, found.off_reason = asked.active, ""
        found.save(update_fields=["url", "events", "description", "is_active", "off_reason"])
        return answered(webhook_row(found))

    @extend_schema(operation_id="webhooks_delete", tags=["integrator"], responses={204: None})
    def delete(self, request: Request, webhook: str) -> Response:
        """Removes it with the log of its deliveries; what is still owed to it is not sent."""
        found = self.found(webhook)
        found.delete()
        return Response(status=204)


class RotateView(WebhookView):
    @extend_schema(
        operation_id="webhooks_rotate",
        tags=["integrator"],
        parameters=[IDEMPOTENCY],
        request=None,
        responses=WebhookWithSecret,
    )
    @idempotent
    def post(self, request: Request, webhook: str) -> Response:
        """A new signing secret; for a day every event is signed with the old one too."""
        return answered(webhook_with_secret(rotate_secret(self.found(webhook))))


class TestView(WebhookView):
    @extend_schema(
        operation_id="webhooks_test",
        tags=["integrator"],
        parameters=[IDEMPOTENCY],
        request=None,
        responses={202: DeliveryRow},
    )
    @idempotent
    def post(self, request: Request, webhook: str) -> Response:
        """Sends a `webhook.test` event; its delivery says how that went."""
        return answered(delivery_row(send_test(self.found(webhook))), 202)


class DeliveriesView(WebhookView):
    @extend_schema(
        operation_id="deliveries_list",
        tags=["integrator"],
        parameters=[OpenApiParameter("status", enum=[*Delivery.Status.values]), *PAGE_PARAMETERS],
        responses=DeliveryPage,
    )
    def get(self, request: Request, webhook: str) -> Response:
        """What was and is to be sent to this webhook, newest first."""
        rows = self.deliveries(webhook)
        status = request.query_params.get("status")
        if status is not None:
            rows = rows.filter(status=_known_status(status))
        pages = Pages()
        page: list[Delivery] = pages.paginate_queryset(rows, request, view=self) or []
        return pages.get_paginated_response(
            [delivery_row(row).model_dump(mode="json") for row in page]
        )


class DeliveryView(WebhookView):
    @extend_schema(operation_id="deliveries_read", tags=["integrator"], responses=DeliveryDetail)
    def get(self, request: Request, webhook: str, delivery: str) -> Response:
        """One delivery with its body and every try."""
        return answered(delivery_detail(self.delivery(webhook, delivery)))

    def delivery(self, webhook: str, public_id: str) -> Delivery:
        row: Delivery | None = self.deliveries(webhook).filter(id=_id(public_id, "dlv_")).first()
        if row is None:
            raise DeliveryUnknown
        return row


class ResendView(DeliveryView):
    http_method_names = ["post"]

    @extend_schema(
        operation_id="deliveries_resend",
        tags=["integrator"],
        parameters=[IDEMPOTENCY],
        request=None,
        responses={202: Resent},
    )
    @idempotent
    def post(self, request: Request, webhook: str, delivery: str) -> Response:
        """Sends it once more, with the same webhook-id."""
        return answered(Resent(resent=resend([self.delivery(webhook, delivery)])), 202)


class ResendManyView(WebhookView):
    @extend_schema(
        operation_id="deliveries_resend_many",
        tags=["integrator"],
        parameters=[IDEMPOTENCY],
        request=ResendMany,
        responses={202: Resent},
    )
    @idempotent
    def post(self, request: Request, webhook: str) -> Response:
        """After an outage: sends everything of one status once more."""
        asked = parse_body(request._request, ResendMany)
        rows = self.deliveries(webhook).filter(status=asked.status)[:MOST_AT_ONCE]
        return answered(Resent(resent=resend(rows)), 202)


def _allowed(url: str) -> str:
    try:
        return checked_url(url)
    except OutboundRefused as refused:
        raise BadRequest("The webhook's address cannot be used.", (("/url", str(refused)),)) from (
            refused
        )


def _known_status(status: str) -> str:
    if status not in Delivery.Status.values:
        raise BadRequest(f"`status` is one of {', '.join(Delivery.Status.values)}.")
    return status


def _id(public_id: str, prefix: str) -> UUID:
    """The id that no row has, for what cannot be an id of this kind."""
    if not re.fullmatch(prefix + "[0-9a-f]{32}", public_id):
        return NO_ROW
    return UUID(public_id.removeprefix(prefix))
