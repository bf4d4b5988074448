"""Requests to addresses that customers typed: to public hosts alone, whatever the name says."""

from ai_bridge.outbound.addresses import is_public
from ai_bridge.outbound.policy import OutboundPolicy, OutboundRefused
from ai_bridge.outbound.transport import PinnedTransport

__all__ = ["OutboundPolicy", "OutboundRefused", "PinnedTransport", "is_public"]
