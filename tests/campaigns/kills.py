"""kill -9 of the engine and of the front while people write: nothing accepted is lost, nothing is
answered twice, the order stays."""

from __future__ import annotations

import random
import threading
import time
import uuid

import httpx

from tests.campaigns.outcome import Outcome
from tests.support.applicant import Applicant
from tests.support.processes import Service

# Each has exactly one line for an answer, so that doubles and losses can be counted.
SAYINGS = {"thank you": "You are welcome", "goodbye": "Goodbye", "are you a robot?": "I am an auto"}
DRAIN_SECONDS = 120


class Writer(threading.Thread):
    """A person who sends `count` messages and repeats each one until it is accepted."""

    def __init__(self, url: str, count: int, seed: int) -> None:
        super().__init__()
        self.person = Applicant(url, "en")
        self.texts: list[str] = []
        self.repeats = 0
        self._count = count
        self._random = random.Random(seed)

    def run(self) -> None:
        for _ in range(self._count):
            text = self._random.choice(list(SAYINGS))
            self._send_until_accepted({"client_id": uuid.uuid4().hex, "text": text})
            self.texts.append(text)
            time.sleep(self._random.uniform(0.05, 0.4))

    def _send_until_accepted(self, body: dict[str, str]) -> None:
        while True:
            try:
                answer = self.person.post("messages", body)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code == 202:
                return
            self.repeats += 1
            # Too fast is a wait, not a failure: the limit is part of the service.
            time.sleep(3 if answer is not None and answer.status_code == 429 else 0.2)

    def wrong(self) -> list[str]:
        """What differs between what was sent and what the conversation holds."""
        lines = self.person.all_lines_when(self._all_answered, DRAIN_SECONDS)
        said = [line["text"] for line in lines if line["author"] == "user"]
        heard = [line["text"] for line in lines if line["author"] == "bot"][2:]
        wrong = [] if said == self.texts else [f"sent {self.texts}, stored {said}"]
        expected = [SAYINGS[text] for text in self.texts]
        if len(heard) != len(expected) or any(
            not h.startswith(e) for h, e in zip(heard, expected, strict=False)
        ):
            wrong.append(f"for {self.texts} heard {[text[:20] for text in heard]}")
        numbers = [line["number"] for line in lines]
        if numbers != list(range(1, len(numbers) + 1)):
            wrong.append(f"line numbers {numbers}")
        return wrong

    def _all_answered(self, lines: list[dict[str, object]]) -> bool:
        return sum(line["author"] == "bot" for line in lines) >= 2 + len(self.texts)


def kill_while_writing(
    service: Service, part: str, kills: int, seed: int, writers: int = 4, messages: int = 12
) -> Outcome:
    """Kill `part` `kills` times at random moments while `writers` people write."""
    chosen = random.Random(seed)
    outcome = Outcome(f"kill -9 of the {part}", seed)
    people = [Writer(service.url, messages, seed + number) for number in range(writers)]
    for person in people:
        person.start()
    for _ in range(kills):
        time.sleep(chosen.uniform(0.2, 2.0))
        service.kill(part)
        time.sleep(chosen.uniform(0.0, 1.0))
        service.start(part)
        if part == "engine":
            service.wait_beat()
    for person in people:
        person.join()
        outcome.failures += person.wrong()
        person.person.close()
    outcome.figures = {
        "kills": kills,
        "messages": writers * messages,
        "repeated by the client": sum(person.repeats for person in people),
    }
    return outcome
