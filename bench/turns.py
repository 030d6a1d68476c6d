"""From a posted message to its answer on the page, through front, inbox, engine and outbox."""

from __future__ import annotations

import statistics
import time

from bench.running import fresh_service
from tests.support.applicant import Applicant

TURNS = 100
QUESTIONS = {
    "en": ["thank you", "what does exempted mean", "where do I find my UCI?"],
    "fr": ["merci", "ça veut dire quoi exempté", "où est mon IUC?"],
}


def run(turns: int = TURNS) -> list[str]:
    """Rows of the report: milliseconds at the median and at the 95th percentile."""
    taken: list[float] = []
    with fresh_service() as service:
        service.start("front", "sender", "engine")
        service.wait_ready()
        for language, questions in QUESTIONS.items():
            # A new person every ten turns: nobody may send more than 20 messages a minute.
            for block in range(turns // 20):
                taken += _talk(service.url, language, questions, 10, block)
    middle = statistics.median(taken)
    late = statistics.quantiles(taken, n=20)[-1]
    return [f"| message to answer | p50 {middle:.0f} ms, p95 {late:.0f} ms | {len(taken)} turns |"]


def _talk(url: str, language: str, questions: list[str], turns: int, offset: int) -> list[float]:
    person = Applicant(url, language)
    person.next_bot_line(), person.next_bot_line()
    taken = []
    for number in range(turns):
        began = time.perf_counter()
        person.type(questions[(number + offset) % len(questions)])
        person.next_bot_line()
        taken.append((time.perf_counter() - began) * 1000)
    person.close()
    return taken
