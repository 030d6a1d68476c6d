"""Text messages as Twilio brings them: the form, signed with the account's token."""

from __future__ import annotations

import itertools
from typing import Any
from urllib.parse import urlencode

import httpx
from twilio.request_validator import RequestValidator

from bot.settings.texting import DEMO_ACCOUNT, DEMO_FROM, DEMO_TOKEN

INBOUND = "/sms/inbound"
PHONE = "+16135550142"
NEXT_TOKEN = "f" * 29 + "de1"
# What a front's settings are in these tests.
TEXTING: dict[str, Any] = {
    "twilio_account_sid": DEMO_ACCOUNT,
    "twilio_auth_token": DEMO_TOKEN,
    "twilio_auth_token_next": NEXT_TOKEN,
    "sms_from": DEMO_FROM,
}
_numbers = itertools.count(1)


def new_sid() -> str:
    return f"SM{next(_numbers):032x}"


def message(body: str, sender: str = PHONE, **more: str) -> dict[str, str]:
    """The form of one message, with what Twilio sends along."""
    sid = more.pop("MessageSid", new_sid())
    return {
        "ToCountry": "CA",
        "ToState": "ON",
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "ToCity": "",
        "FromZip": "",
        "SmsSid": sid,
        "FromState": "ON",
        "SmsStatus": "received",
        "FromCity": "OTTAWA",
        "Body": body,
        "FromCountry": "CA",
        "To": DEMO_FROM,
        "ToZip": "",
        "NumSegments": "1",
        "MessageSid": sid,
        "AccountSid": DEMO_ACCOUNT,
        "From": sender,
        "ApiVersion": "2010-04-01",
        **more,
    }


def signature(url: str, form: dict[str, str], token: str = DEMO_TOKEN) -> str:
    return str(RequestValidator(token).compute_signature(url, form))


class Carrier:
    """Posts to a front at `url` what Twilio posts to `public_url`."""

    def __init__(self, url: str, public_url: str, token: str = DEMO_TOKEN) -> None:
        self.public_url, self.token = public_url, token
        self.client = httpx.Client(base_url=url, timeout=30)

    def text(self, body: str, sender: str = PHONE, **more: str) -> httpx.Response:
        return self.post(message(body, sender, **more))

    def post(self, form: dict[str, str], path: str = INBOUND, **headers: str) -> httpx.Response:
        signed = signature(self.public_url + path, form, self.token)
        return self.client.post(
            path,
            content=urlencode(form),
            headers={
                "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
                "X-Twilio-Signature": signed,
                "User-Agent": "TwilioProxy/1.1",
                **headers,
            },
        )

    def close(self) -> None:
        self.client.close()
