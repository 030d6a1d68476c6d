"""Which handler serves which of Twilio's addresses."""

from __future__ import annotations

from sanic import Sanic

from bot.settings import Settings
from connectors.sms.inbound import inbound
from connectors.sms.status import status


def add(app: Sanic, settings: Settings) -> None:
    """Add Twilio's addresses to `app`, when there are text messages."""
    if settings.texts:
        app.add_route(inbound, "/sms/inbound", methods=["POST"], name="sms_inbound")
        app.add_route(status, "/sms/status", methods=["POST"], name="sms_status")
