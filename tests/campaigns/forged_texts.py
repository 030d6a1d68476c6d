"""Forged and altered requests of Twilio: none is taken, and every genuine one is."""

from __future__ import annotations

import http.client
import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import func, select

from bot.store import Database, SmsReceived
from tests.campaigns.outcome import Outcome
from tests.conftest import KEYS, make_settings
from tests.connectors.serving import Front, running_front
from tests.support.texting import INBOUND, NEXT_TOKEN, TEXTING, message, signature

PUBLIC_URL = "https://passage.example.ca"
WORDS = ("Where is my application?", "Où en est ma demande ?", "ok", "1")
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Sent:
    """A request on the wire."""

    form: tuple[tuple[str, str], ...]
    path: str = INBOUND
    method: str = "POST"
    kind: str = FORM
    signatures: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    raw: str | None = None

    def changed(self, **fields: str) -> Sent:
        """With these fields of the form, under the same signature."""
        return replace(self, form=tuple({**dict(self.form), **fields}.items()))


def genuine(chosen: random.Random, url: str = PUBLIC_URL + INBOUND, **more: str) -> Sent:
    form = message(chosen.choice(WORDS), **more)
    return Sent(tuple(form.items()), signatures=(signature(url, form),))


def _signed_for(url: str) -> Callable[[Sent, random.Random], Sent]:
    return lambda sent, _: replace(sent, signatures=(signature(url, dict(sent.form)),))


def _signed_with(token: str) -> Callable[[Sent, random.Random], Sent]:
    url = PUBLIC_URL + INBOUND
    return lambda sent, _: replace(sent, signatures=(signature(url, dict(sent.form), token),))


def _letter(text: str, chosen: random.Random) -> str:
    place = chosen.randrange(len(text))
    return text[:place] + chr((ord(text[place]) + 1) % 0x7F or 33) + text[place + 1 :]


def _case(sent: Sent, chosen: random.Random) -> Sent:
    name = chosen.choice([name for name, _ in sent.form])
    return replace(sent, form=tuple((k.swapcase() if k == name else k, v) for k, v in sent.form))


def _gone(sent: Sent, chosen: random.Random) -> Sent:
    """Without one field. An empty one counts by its name, so it is missed as well."""
    name = chosen.choice([name for name, _ in sent.form])
    return replace(sent, form=tuple(pair for pair in sent.form if pair[0] != name))


def _twice(sent: Sent, chosen: random.Random) -> Sent:
    """A name twice: with the same value the signature would be the same."""
    name, value = chosen.choice(sent.form)
    return replace(sent, form=(*sent.form, (name, chosen.choice([value, value + "x"]))))


def _shifted(sent: Sent, chosen: random.Random) -> Sent:
    """The signed string is names and values in one: a letter that moves from a value into its name
    leaves it as it was."""
    name, value = chosen.choice([(k, v) for k, v in sent.form if v and k in NEEDED])
    moved = (name + value[0], value[1:])
    return replace(sent, form=tuple(moved if k == name else (k, v) for k, v in sent.form))


NEEDED = ("Body", "From", "MessageSid", "AccountSid")
FORGERIES: dict[str, Callable[[Sent, random.Random], Sent]] = {
    "other words": lambda s, r: s.changed(Body=dict(s.form)["Body"] + r.choice(["!", " ", "x"])),
    "other sender": lambda s, r: s.changed(From=f"+1613555{r.randint(100, 199):04d}"),
    "other sid": lambda s, r: s.changed(MessageSid=f"SM{r.getrandbits(128):032x}"),
    "other account": lambda s, r: s.changed(AccountSid=f"AC{r.getrandbits(128):032x}"),
    "a field more": lambda s, r: s.changed(**{f"Field{r.randint(1, 99)}": "x"}),
    "an opt-out of nobody": lambda s, _: s.changed(OptOutType="STOP"),
    "a field less": _gone,
    "a name in another case": _case,
    "a name twice": _twice,
    "a letter from a value to its name": _shifted,
    "no signature": lambda s, _: replace(s, signatures=()),
    "an empty signature": lambda s, _: replace(s, signatures=("",)),
    "two signatures": lambda s, _: replace(s, signatures=(*s.signatures, *s.signatures)),
    "a letter of the signature": lambda s, r: replace(
        s, signatures=(_letter(s.signatures[0][:-1], r) + "=",)
    ),
    "half the signature": lambda s, _: replace(s, signatures=(s.signatures[0][:14],)),
    "the signature in small letters": lambda s, _: replace(
        s, signatures=(s.signatures[0].lower(),)
    ),
    "another token": _signed_with("0" * 32),
    "an empty token": _signed_with(""),
    "signed for http": _signed_for("http://passage.example.ca/sms/inbound"),
    "signed for another port": _signed_for("https://passage.example.ca:8443/sms/inbound"),
    "signed for another host": _signed_for("https://passage.example.com/sms/inbound"),
    "signed for another path": _signed_for("https://passage.example.ca/sms/status"),
    "signed for the host of the request": _signed_for("http://localhost/sms/inbound"),
    "a slash more": lambda s, _: replace(s, path=INBOUND + "/"),
    "a path in other signs": lambda s, _: replace(s, path="/sms/%69nbound"),
    "a query": lambda s, r: replace(s, path=f"{INBOUND}?a={r.randint(1, 9)}"),
    "a hash of the body": lambda s, _: replace(s, path=f"{INBOUND}?bodySHA256=" + "0" * 64),
    "the form in the address": lambda s, _: replace(
        s, path=f"{INBOUND}?{urlencode(s.form)}", form=()
    ),
    "GET": lambda s, _: replace(s, method="GET", path=f"{INBOUND}?{urlencode(s.form)}", form=()),
    "PUT": lambda s, _: replace(s, method="PUT"),
    "JSON": lambda s, _: replace(s, kind="application/json"),
    "plain text": lambda s, _: replace(s, kind="text/plain"),
    "no type": lambda s, _: replace(s, kind=""),
    "nothing": lambda s, _: replace(s, form=()),
    "nonsense": lambda s, r: replace(s, raw="".join(r.choice("%&=+a") for _ in range(60))),
    "the forwarded host of a forger": lambda s, _: replace(
        s,
        signatures=(signature("https://evil.example.com/sms/inbound", dict(s.form)),),
        headers={"Host": "evil.example.com", "X-Forwarded-Host": "evil.example.com"},
    ),
}


def _proxied(sent: Sent, _: random.Random) -> Sent:
    """As a proxy passes it on: its own host and protocol, the outside ones beside them."""
    headers = {"Host": "10.0.0.7:8080", "X-Forwarded-Host": "passage.example.ca",
               "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}  # fmt: skip
    return replace(sent, headers=headers)


GENUINE: dict[str, Callable[[random.Random], Sent]] = {
    "as it is": genuine,
    "through a proxy": lambda r: _proxied(genuine(r), r),
    "through a Messaging Service": lambda r: genuine(r, MessagingServiceSid="MG" + "1" * 32),
    "signed with the port": lambda r: genuine(r, "https://passage.example.ca:443/sms/inbound"),
    "signed with the next token": lambda r: _signed_with(NEXT_TOKEN)(genuine(r), r),
    "with a field that is new": lambda r: genuine(r, NewOfTwilio="42"),
    "without words": lambda r: _signed(genuine(r).changed(Body="", NumMedia="1")),
    "with signs of all kinds": lambda r: _signed(genuine(r).changed(Body="é&=+ %20 \U0001f44d ’")),
    "with the kind in small letters": lambda r: replace(genuine(r), kind=FORM + ";charset=utf-8"),
}  # fmt: skip


def _signed(sent: Sent) -> Sent:
    return replace(sent, signatures=(signature(PUBLIC_URL + INBOUND, dict(sent.form)),))


def forged_texts(count: int, seed: int) -> Outcome:
    """`count` forgeries and a fifth as many genuine requests, mixed."""
    outcome = Outcome("forged text messages", seed)
    chosen = random.Random(seed)
    forged = [list(FORGERIES)[n % len(FORGERIES)] for n in range(count)]
    plan = [(kind, True) for kind in forged]
    plan += [(list(GENUINE)[n % len(GENUINE)], False) for n in range(max(len(GENUINE), count // 5))]
    chosen.shuffle(plan)
    accepted = 0
    with _front() as front:
        for kind, is_forged in plan:
            before = _taken(front.database)
            sent = FORGERIES[kind](genuine(chosen), chosen) if is_forged else GENUINE[kind](chosen)
            status = _send(front.url, sent)
            new = _taken(front.database) - before
            accepted += new
            if is_forged and (status < 400 or new):
                outcome.failures.append(f"forged, {kind}: {status}")
            if not is_forged and (status != 200 or new != 1):
                outcome.failures.append(f"genuine, {kind}: {status}")
    genuine_ones = len(plan) - count
    outcome.figures = {"forged": count, "genuine": genuine_ones, "taken": accepted}
    return outcome


@contextmanager
def _front() -> Iterator[Front]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/forged.db", KEYS)
        database.migrate()
        settings = make_settings(Path(folder), database.url, **TEXTING)
        try:
            with running_front(settings, database, shown=PUBLIC_URL) as front:
                yield front
        finally:
            database.close()


def _send(url: str, sent: Sent) -> int:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)
    body = sent.raw if sent.raw is not None else urlencode(sent.form)
    connection.putrequest(sent.method, sent.path, skip_host="Host" in sent.headers)
    for name, value in sent.headers.items():
        connection.putheader(name, value)
    if sent.kind:
        connection.putheader("Content-Type", sent.kind)
    for value in sent.signatures:
        connection.putheader("X-Twilio-Signature", value)
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body.encode())
    status = connection.getresponse().status
    connection.close()
    return status


def _taken(database: Database) -> int:
    with database.read() as session:
        return int(session.scalar(select(func.count(SmsReceived.sid))))
