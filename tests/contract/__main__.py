"""make contract: our requests, and the answers of our stand-ins, against the providers' own
descriptions, by Prism (@stoplight/prism-cli), which stands between the two and refuses what is not
described. Skipped, and said so, without the descriptions or without Node.

PASSAGE_CONTRACTS is the folder with twilio_api_v2010.json and gc-notify.yaml; ../shared/contracts
when it is not set.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import yaml
from rich.console import Console

from bot.clock import now
from bot.messages.mail import NotifyMail
from bot.messages.texting import TwilioText
from bot.settings import Settings
from bot.store import Outbound
from tests.bot.messages.test_notify import SECRET, SERVICE, TEMPLATE
from tests.conftest import make_settings
from tests.support.processes import free_port
from tests.support.twilio import running_twilio, texting

PRISM = "@stoplight/prism-cli@5.16.0"
PATIENCE_SECONDS = 180
NUMBER = "+16135550142"
PAGE_ADDRESSES = {"first_page_uri", "next_page_uri", "previous_page_uri", "uri"}

console = Console()


def main() -> int:
    folder = Path(os.environ.get("PASSAGE_CONTRACTS", "../shared/contracts"))
    if shutil.which("npx") is None:
        console.print("contract: skipped, there is no npx (Node)")
        return 0
    failed = 0
    for name, (check, amended) in CHECKS.items():
        description = folder / name
        if not description.exists():
            console.print(f"contract: {name} skipped, it is not in {folder}")
            continue
        with tempfile.TemporaryDirectory(prefix="passage-contract-") as place:
            copy = Path(place) / "description.json"
            copy.write_text(amended(description.read_text("utf-8")), "utf-8")
            failed += check(copy)
    return 1 if failed else 0


def twilio_amended(text: str) -> str:
    """Twilio calls the addresses of pages URIs, and shows paths in its own examples of them."""
    described = json.loads(text)
    for found in _all_of(described):
        for name in PAGE_ADDRESSES & found.keys():
            if isinstance(found[name], dict) and found[name].get("format") == "uri":
                found[name]["format"] = "uri-reference"
    return json.dumps(described)


def notify_amended(text: str) -> str:
    """GC Notify wants exactly one of three shapes; an e-mail is of two of them, because a letter
    may have anything in it. Of an e-mail the shape of an e-mail is wanted, and nothing else."""
    described = yaml.safe_load(text)
    post = described["paths"]["/v2/notifications/{notification_type}"]["post"]
    shape = {"$ref": "#/components/schemas/PostEmailRequest"}
    post["requestBody"]["content"]["application/json"]["schema"] = shape
    described["components"]["schemas"]["PostEmailRequest"]["additionalProperties"] = False
    return json.dumps(described)


def _all_of(node: Any) -> Iterator[dict[str, Any]]:
    """Every object inside `node`."""
    if isinstance(node, dict):
        yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from _all_of(child)


@contextmanager
def prism(description: Path, *, before: str | None = None) -> Iterator[str]:
    """The address of Prism: in front of a server, or, without one, answering by itself. What is
    not described is answered with an error of its own ("prism" stands in its type)."""
    port = free_port()
    what = ["proxy", str(description), before] if before else ["mock", str(description)]
    command = ["npx", "--yes", PRISM, *what, "--errors", "--host", "127.0.0.1", "--port", str(port)]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        try:
            _wait_until_up(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, 15)
            process.wait(30)


def _wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(url, timeout=10)
            return
        except httpx.TransportError:
            threading.Event().wait(0.3)
    raise RuntimeError("Prism did not start")


def twilio(description: Path) -> int:
    """All that we ask of Twilio, through Prism to the stand-in."""
    with running_twilio() as stand, prism(description, before=stand.url) as url:
        stand.twilio.receive(NUMBER, "Bonjour")
        settings = _settings(texting(url))
        service = replace(settings, twilio_messaging_service_sid="MG" + "a" * 32)
        way = TwilioText(settings)
        first = asyncio.run(way.send(_message()))
        return _told(
            {
                "send from a number": lambda: first,
                "send by a service": lambda: asyncio.run(TwilioText(service).send(_message())),
                "send what is useless later": lambda: asyncio.run(
                    way.send(_message(useless_after=now() + timedelta(minutes=10)))
                ),
                "look for a message": lambda: asyncio.run(
                    way.find(_message(attempted_at=now()), frozenset())
                ),
                "ask for a status": lambda: way.status(str(first)),
                "list what was received": lambda: list(way.received(now() - timedelta(days=1))),
                "a wrong request is refused by Prism": lambda: _is_refused(url),
            }
        )


def notify(description: Path) -> int:
    """All that we ask of GC Notify, answered by Prism itself."""
    with prism(description) as url:
        way = NotifyMail(
            _settings(
                {
                    "notify_base_url": url,
                    "notify_api_key": f"passage-{SERVICE}-{SECRET}",
                    "notify_template_id": TEMPLATE,
                }
            )
        )
        mail = _message(recipient="a@example.ca", subject="Votre code", channel="email")
        return _told(
            {
                "send an e-mail": lambda: asyncio.run(way.send(mail)),
                # Prism makes up an e-mail of somebody else.
                "look for an e-mail": lambda: asyncio.run(way.find(mail, frozenset())) is None,
            }
        )


def _is_refused(url: str) -> bool:
    """That Prism would have told: a message without anybody to send it to."""
    account = "AC" + "0" * 32
    path = f"{url}/2010-04-01/Accounts/{account}/Messages.json"
    answer = httpx.post(path, data={"Body": "x"}, auth=(account, "x"), timeout=30)
    return "prism" in answer.text.lower() or "stoplight" in answer.text.lower()


def _told(asked: dict[str, Callable[[], Any]]) -> int:
    """Ask each; how many were refused."""
    failed = 0
    for name, ask in asked.items():
        try:
            answer = ask()
        except Exception as error:
            answer, why = None, repr(error.__cause__ or error)
        else:
            why = "nothing was found"
        failed += not answer
        console.print(f"contract: {name}: {'as described' if answer else f'FAILED, {why}'}")
    return failed


def _message(**changes: Any) -> Outbound:
    values: dict[str, Any] = {
        "reference": "0" * 32, "channel": "sms", "recipient": NUMBER, "language": "fr",
        "subject": "", "text": "Votre demande : reçue.", "tries": 0,
    }  # fmt: skip
    return Outbound(**{**values, **changes})


def _settings(changes: dict[str, Any]) -> Settings:
    public = {"public_url": "https://passage.example.ca"}
    return make_settings(Path("/nonexistent"), "sqlite://", **public, **changes)


CHECKS = {
    "twilio_api_v2010.json": (twilio, twilio_amended),
    "gc-notify.yaml": (notify, notify_amended),
}

if __name__ == "__main__":
    sys.exit(main())
