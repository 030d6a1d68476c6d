"""Long random dialogues of representatives and designated persons: of the confirmation of
permanent residence they are told nothing that is of the case (knowledge: security, T09)."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

from bot.answers.wording import masked
from bot.cases.lines import sections_of
from bot.handoff.rating import INTENT as RATING
from bot.handoff.rating import SCORES
from bot.store import Database, Keys
from bot.texts import LANGUAGES
from tests.campaigns.examples import sentences, words_in
from tests.campaigns.landing_files import (
    CANARY,
    HELPERS,
    TOKENS,
    Helped,
    add_helped,
    canary_sentences,
)
from tests.campaigns.outcome import Outcome
from tests.support.acting import ActionTalk, action_of, everything
from tests.support.engine_talk import EngineTalk

# Asked more often than the rest: only their answers could tell of a case.
CASE_QUESTIONS = (
    "check_status", "check_next_steps", "check_section", "check_history", "repeat",
    "start_landing", "submit_photo", "update_address", "ask_ecopr", "ask_no_movement",
    "ask_ghost_update", "ask_processing_time",
)  # fmt: skip
# What the buttons of landing mean; a helper has none of them, and says so all the same.
WISHES = ("agree", "declare", "give_address", "give_photo", "download", "error", "abroad")
# So many sets of files; the dialogues go round them.
SETS = 40


def representative_dialogues(count: int, turns: int, seed: int) -> Outcome:
    """`count` dialogues of `turns` turns, through the actions and services, without Rasa: what is
    typed is an example of data/nlu that is understood as it is labelled."""
    # A thread of its own: tests that drive a browser leave a running loop in theirs.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_in_memory, count, turns, seed).result()


def _in_memory(count: int, turns: int, seed: int) -> Outcome:
    keys = Keys("a campaign in memory needs no secret that lasts, 48 chars")
    database = Database("sqlite://", keys)
    database.migrate()
    try:
        return asyncio.run(_played(database, count, turns, seed))
    finally:
        database.close()


async def _played(database: Database, count: int, turns: int, seed: int) -> Outcome:
    outcome = Outcome("landing, representatives (actions)", seed)

    def talk(language: str, person_id: int) -> ActionTalk:
        return ActionTalk(database, language, person_id)

    return await _play(outcome, database, talk, (count, turns))


async def representative_dialogues_by_engine(
    engine: Any, worker: Any, database: Database, count: int, turns: int, seed: int
) -> Outcome:
    """The same through Rasa and the turn worker, on the database of both."""
    outcome = Outcome("landing, representatives (engine)", seed)

    def talk(language: str, person_id: int) -> EngineTalk:
        engine.store._live.clear()
        return EngineTalk(database, worker, language, person_id)

    return await _play(outcome, database, talk, (count, turns))


async def _play(outcome: Outcome, database: Database, talk: Any, size: tuple[int, int]) -> Outcome:
    count, turns = size
    rng = Random(outcome.seed)
    told = Counted(outcome)
    with canary_sentences():
        with database.write() as session:
            kinds = [HELPERS[n % len(HELPERS)] for n in range(min(SETS, max(count, 4)))]
            helped = [add_helped(session, rng, *kind) for kind in kinds]
        for number in range(count):
            who = helped[number % len(helped)]
            language = LANGUAGES[number % 2]
            await _dialogue(talk(language, who.helper_id), rng, who, turns, told)
        control = [
            line
            for language in LANGUAGES
            for line in await talk(language, helped[0].applicant_id).mean("check_status")
        ]
    if CANARY not in everything(control):
        outcome.failures.append("the applicant's own stage was not told: nothing was tried")
    outcome.figures = {"dialogues": count, **told.figures}
    return outcome


class Counted:
    """Searches every line for the canaries and counts."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self.figures = {"turns": 0, "lines": 0, "lines with a case number": 0}

    def take(self, lines: list[dict[str, Any]], numbers: tuple[str, ...], what: str) -> None:
        text = everything(lines)
        self.figures["turns"] += 1
        self.figures["lines"] += len(lines)
        self.figures["lines with a case number"] += sum(
            any(masked(number) in line["text"] for number in numbers) for line in lines
        )
        if any(token in text for token in TOKENS):
            self._outcome.failures.append(f"{what}: {text[:200]}")


async def _dialogue(talk: Any, rng: Random, who: Helped, turns: int, told: Counted) -> None:
    for _ in range(turns):
        luck = rng.random()
        if luck < 0.3 and talk.offered:
            choice = rng.choice(talk.offered)
            said = f"choice {choice['intent']} {choice['entities']}"
            lines = await talk.mean(choice["intent"], choice["entities"])
        elif luck < 0.65:
            intent = rng.choice(sorted(action_of()) if rng.random() < 0.4 else CASE_QUESTIONS)
            entities = _entities(rng, who)
            if intent == RATING:  # it comes from its buttons alone, and each has a score
                entities["score"] = str(rng.choice(SCORES))
            said = f"choice {intent} {entities}"
            lines = await talk.mean(intent, entities)
        else:
            intent, said = rng.choice(sentences())
            lines = await _type(talk, intent, said)
        told.take(lines, who.numbers, said)
        talk.sign_in_again()


async def _type(talk: Any, intent: str, text: str) -> list[dict[str, Any]]:
    if isinstance(talk, EngineTalk):
        return await talk.type(text)
    return await talk.mean(intent, words_in(text))


def _entities(rng: Random, who: Helped) -> dict[str, str]:
    """Some entities with values that our own quick replies could carry."""
    values = {
        "product": ["permanent_residence", "citizenship"],
        "section": sections_of("family_spouse"),
        "language": LANGUAGES,
        "application": who.numbers,
        "keep": ["question"],
        "wish": ["delete", "delete_yes", "delete_no", *WISHES],
        "member": [str(who.applicant_id), str(who.helper_id)],
    }
    often = {"application": 0.8, "member": 0.5}
    return {n: rng.choice(values[n]) for n in values if rng.random() < often.get(n, 0.2)}
