"""A stand-in for Twilio with a memory: what the API was told, what phones texted, who opted out.

It follows Twilio's own description (shared/contracts/twilio_api_v2010.json) as far as our service
goes, answers with its real error bodies and codes, and does what goes wrong in life when asked to.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.clock import now
from bot.messages.parts import parts
from connectors.demo.messages import VERSION, Form, Message
from connectors.demo.webhooks import Webhooks

# What can become of the next message of ours. Answers to the request itself:
ANSWERS = ("429", "503", "lost_before", "lost_after", "21610")
# … and of what was taken, by status callbacks (none comes when `silent`):
FATES = ("delivered", "30003", "30006", "reversed", "doubled", "silent")
LONGEST = 1600
# Twilio's own numbers for trying out errors (docs: test credentials).
MAGIC = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}


class Refused(Exception):
    """The API says no with one of Twilio's codes."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Twilio:
    """One account with one number. `plan` holds what becomes of the next messages of ours, one
    each; `pace` is the seconds between the steps of a message on its way."""

    def __init__(
        self,
        account: str,
        token: str,
        number: str,
        webhooks: Webhooks,
        *,
        service: str = "",
        pace: float | None = None,
        taken: Callable[[Message], None] | None = None,
    ) -> None:
        self.account, self.token, self.number, self.service = account, token, number, service
        self.webhooks, self.pace, self.taken = webhooks, pace, taken
        self.plan: deque[str] = deque()
        self.opted_out: set[str] = set()
        self.lists = True
        self._messages: dict[str, Message] = {}
        self._threads: dict[str, list[Message]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def create(self, form: Form) -> Message:
        """Take a message of ours. Raises Refused."""
        to, body = form.get("To", ""), form.get("Body", "")
        self._check(form, to, body)
        service = form.get("MessagingServiceSid", "")
        message = Message(
            sid=_sid("SM"), account=self.account, to=to, sender=form.get("From") or self.number,
            body=body, direction="outbound-api", status="accepted" if service else "queued",
            created=_second(), service=service, callback=form.get("StatusCallback", ""),
        )  # fmt: skip
        self._keep(message, to)
        return message

    def _check(self, form: Form, to: str, body: str) -> None:
        wrong = {
            21604: not to,
            21603: not (form.get("From") or form.get("MessagingServiceSid")),
            21602: not body,
            21617: len(body) > LONGEST,
            21606: form.get("From", self.number) != self.number,
            21211: not (to.startswith("+") and to[1:].isdecimal()),
            21610: to in self.opted_out,
            MAGIC.get(to, 0): to in MAGIC,
        }
        for code, is_wrong in wrong.items():
            if is_wrong:
                raise Refused(code)

    def find(self, sid: str) -> Message | None:
        return self._messages.get(sid)

    def thread(self, number: str) -> list[Message]:
        """All messages with this phone, oldest first."""
        return list(self._threads.get(number, []))

    def newest(self, to: str, sender: str, since: datetime | None) -> list[Message]:
        """As the list shows them: newest first; `since` leaves out what has not been sent yet."""
        some = self._threads.get(to) or self._threads.get(sender) or []
        found: Any = some if to or sender else self._messages.values()
        return [
            message
            for message in reversed(list(found))
            if (not to or message.to == to)
            and (not sender or message.sender == sender)
            and (since is None or (message.sent is not None and message.sent >= since))
        ]

    def receive(self, sender: str, body: str, **more: str) -> Message:
        """A phone texts our number; nobody is told yet (`bring`)."""
        message = Message(
            sid=_sid("SM"), account=self.account, to=self.number, sender=sender, body=body,
            direction="inbound", status="received", created=_second(), sent=_second(),
            service=self.service,
        )  # fmt: skip
        message.form = {
            "AccountSid": self.account, "ApiVersion": VERSION, "Body": body, "From": sender,
            "MessageSid": message.sid, "NumMedia": "0", "NumSegments": str(parts(body).count),
            "SmsMessageSid": message.sid, "SmsSid": message.sid, "SmsStatus": "received",
            "To": self.number, **more,
        }  # fmt: skip
        if self.service:
            message.form["MessagingServiceSid"] = self.service
        self._keep(message, sender)
        return message

    async def bring(self, message: Message) -> int:
        """Bring a phone's text to our service, once more if it was before; the HTTP status."""
        answer = await self.webhooks.inbound(message.form)
        message.answers.append(answer)
        return answer

    def go(self, message: Message, fate: str = "delivered") -> None:
        """Let a message of ours go its way by itself, when this stand-in has a pace."""
        if self.pace is not None:
            task = asyncio.get_running_loop().create_task(self.deliver(message, fate))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def deliver(self, message: Message, fate: str = "delivered") -> None:
        """All the way to its end, with its callbacks as `fate` has them."""
        error = int(fate) if fate.isdecimal() else None
        steps = ["queued", "sent", "undelivered" if error else "delivered"]
        forms = [
            message.callback_form(step, error if step == steps[-1] else None) for step in steps
        ]
        if fate == "doubled":
            forms = [form for form in forms for _ in range(2)]
        for form in forms:
            await asyncio.sleep(self.pace or 0)
            _move(message, form)
            if fate not in ("silent", "reversed"):
                await self._tell(message, form)
        for form in forms[::-1] if fate == "reversed" else []:
            await self._tell(message, form)

    async def repeat(self, message: Message, backwards: bool = False) -> None:
        """Post the callbacks of a message again."""
        for form in message.told[:: -1 if backwards else 1][:10]:
            await self.webhooks.status(message.callback, form)

    async def _tell(self, message: Message, form: Form) -> None:
        if message.callback:
            if form not in message.told:
                message.told.append(form)
            await self.webhooks.status(message.callback, form)

    def _keep(self, message: Message, number: str) -> None:
        self._messages[message.sid] = message
        self._threads.setdefault(number, []).append(message)


def _move(message: Message, form: Form) -> None:
    message.status = form["MessageStatus"]
    message.sent = message.sent or _second()
    message.error = int(form["ErrorCode"]) if "ErrorCode" in form else None


def _second() -> datetime:
    """Twilio tells moments in whole seconds."""
    return now().replace(microsecond=0)


def _sid(kind: str) -> str:
    return kind + secrets.token_hex(16)
