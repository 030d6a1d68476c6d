"""A message as the stand-in for Twilio keeps it, in the shape of Twilio's own descriptions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from bot.messages.parts import parts

VERSION = "2010-04-01"
Form = dict[str, str]


@dataclass
class Message:
    """`told` are the status callbacks of one of ours, as they were posted; `form` is how a message
    to us is brought, and `answers` the HTTP statuses it was answered with."""

    sid: str
    account: str
    to: str
    sender: str
    body: str
    direction: str
    status: str
    created: datetime
    service: str = ""
    callback: str = ""
    sent: datetime | None = None
    error: int | None = None
    told: list[Form] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    form: Form = field(default_factory=dict)

    @property
    def inbound(self) -> bool:
        return self.direction == "inbound"

    def resource(self) -> dict[str, Any]:
        """As the API shows it (twilio_api_v2010.json, api.v2010.account.message)."""
        path = f"/{VERSION}/Accounts/{self.account}/Messages/{self.sid}"
        return {
            "account_sid": self.account,
            "api_version": VERSION,
            "body": self.body,
            "date_created": format_datetime(self.created),
            "date_sent": format_datetime(self.sent) if self.sent else None,
            "date_updated": format_datetime(self.sent or self.created),
            "direction": self.direction,
            "error_code": self.error,
            "error_message": ERRORS[self.error] if self.error else None,
            "from": self.sender,
            "messaging_service_sid": self.service or None,
            "num_media": "0",
            "num_segments": str(parts(self.body).count),
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{path}/Media.json"},
            "to": self.to,
            "uri": f"{path}.json",
        }

    def callback_form(self, status: str, error: int | None = None) -> Form:
        """What a status callback carries."""
        form = {
            "AccountSid": self.account,
            "ApiVersion": VERSION,
            "From": self.sender,
            "MessageSid": self.sid,
            "MessageStatus": status,
            "SmsSid": self.sid,
            "SmsStatus": status,
            "To": self.to,
        }
        if self.service:
            form["MessagingServiceSid"] = self.service
        return {**form, "ErrorCode": str(error)} if error else form


# Twilio's codes with its words (twilio.com/docs/api/errors), and the HTTP status of those that
# the API answers with; the others come later, by a callback.
STATUS = {
    20003: 401, 20404: 404, 20429: 429, 20503: 503, 21211: 400, 21408: 400, 21602: 400,
    21603: 400, 21604: 400, 21606: 400, 21610: 400, 21612: 400, 21614: 400, 21617: 400,
}  # fmt: skip
ERRORS = {
    20003: "Authenticate",
    20404: "The requested resource {path} was not found",
    20429: "Too Many Requests",
    20503: "Service Unavailable",
    21211: "The 'To' number {to} is not a valid phone number.",
    21408: "Permission to send an SMS has not been enabled for the region indicated by the 'To' "
    "number: {to}.",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21606: "The 'From' phone number provided ({from_}) is not a valid message-capable Twilio phone "
    "number for this destination.",
    21610: "Attempt to send to unsubscribed recipient",
    21612: "Message cannot be sent with the current combination of 'To' ({to}) and/or 'From' "
    "({from_}) parameters",
    21614: "'To' number is not a valid mobile number",
    21617: "The concatenated message body exceeds the 1600 character limit",
    30003: "Unreachable destination handset",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
}


def error_body(code: int, **values: str) -> dict[str, Any]:
    """An error as the API answers with it."""
    return {
        "code": code,
        "message": ERRORS[code].format(**{"to": "", "from_": "", "path": "", **values}),
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": STATUS[code],
    }
