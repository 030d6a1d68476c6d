"""Text messages as Twilio brings them: the form, signed with the account's token."""

from __future__ import annotations

import itertools
import random
import re
import time
import uuid
from collections.abc import Callable
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
PATIENCE_SECONDS = 30
# Areas of Canada: 555-0100 to 555-0199 of each are nobody's.
AREAS = ("613", "416", "514", "604", "403", "902", "204", "306", "506", "867")
_sids = itertools.count(random.getrandbits(64))
_numbers = itertools.count(random.getrandbits(16))


def new_sid() -> str:
    return f"SM{next(_sids):032x}"


def new_number() -> str:
    """A number that no other play of this test run has (of a thousand)."""
    count = next(_numbers)
    return f"+1{AREAS[count % len(AREAS)]}55501{count // len(AREAS) % 100:02d}"


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


class TextingPhone:
    """A phone of a running demo: its texts go in signed, and what it gets stands in the mailbox."""

    def __init__(self, url: str, number: str | None = None) -> None:
        self.number = number or new_number()
        self._carrier = Carrier(url, url)
        self._seen = len(self._texts())

    def close(self) -> None:
        self._carrier.close()

    def text(self, body: str) -> None:
        """Brought again while the service is busy, as Twilio does."""
        form = message(body, self.number)
        while (answer := self._carrier.post(form)).status_code == 503:
            time.sleep(1)
        assert answer.status_code == 200, answer.text

    def link(self, post: Callable[[str, dict[str, Any]], httpx.Response]) -> None:
        """It becomes somebody's: the two forms of their page, by `post(path, body)`, and the code
        that is texted."""
        sent = {"client_id": uuid.uuid4().hex, "phone": self.number}
        assert post("phone", sent).status_code == 202
        while not (code := re.search(r"\b\d{4} \d{4}\b", self.next_text())):
            pass
        assert post("phone/code", {"code": code.group()}).status_code == 200

    def next_text(self) -> str:
        """The next text that came to it.

        Raises:
            TimeoutError: none came.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (found := self.waiting()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"no text; so far {self._texts()}")
            time.sleep(0.1)
        self._seen += 1
        return found[0]

    def waiting(self) -> list[str]:
        """What came and was not looked at yet."""
        return self._texts()[self._seen :]

    def opens(self) -> bool:
        """Whether the address in the newest text shows a page."""
        found = re.search(r"https?://\S+", self._texts()[-1])
        assert found, "no address in the text"
        return self._carrier.client.get(found.group()).status_code == 200

    def _texts(self) -> list[str]:
        mails = self._carrier.client.get("/demo/outbox.json").json()
        mine = [m for m in mails if m["channel"] == "sms" and m["to"] == self.number]
        return [str(m["text"]) for m in mine]
