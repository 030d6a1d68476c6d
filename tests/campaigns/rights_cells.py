"""Every cell of the matrix of rights, by a service call and by a question in a dialogue.

What is expected is the table that is kept by hand beside the tests of bot/rights, and here what the
dialogue offers of it: whoever may read something through two people of a file is told it once.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from bot.answers.wording import masked
from bot.cases.lines import vocabulary
from bot.landing.members import member_ref
from bot.rights.authorize import authorize
from bot.store import Application, Database, History, Landing, Person, Requirement, Section
from bot.texts import LANGUAGES, catalogue, say
from tests.campaigns.landing_files import CANARY, canary_sentences
from tests.campaigns.outcome import Outcome
from tests.support.acting import everything
from tests.support.engine_talk import EngineTalk
from tests.support.files import DAY
from tests.support.standing import Standing, stand

TABLE = Path(__file__).parents[1] / "bot" / "rights" / "expected.csv"
REFUSED = ("no", "never")
# Agents have no chat; their desk will ask the same function.
AGENTS = ("agent_assigned", "agent_unassigned")
# What is typed for each act. Those that are not in OFFERED have no dialogue yet: they are asked all
# the same, and must show nothing of the person.
SCRIPT = {
    "read_own_part": ("where is my application?", "où en est ma demande ?"),
    "read_status": ("where is my application?", "où en est ma demande ?"),
    "read_detail": ("show me the history of my application",
                    "montre-moi l'historique de mon dossier"),
    "read_member": ("what do I have to send?", "qu'est-ce que je dois envoyer?"),
    "read_landing": ("I want to confirm my permanent residence",
                     "je veux confirmer ma résidence permanente"),
    "do_landing": ("I want to confirm my permanent residence",
                   "je veux confirmer ma résidence permanente"),
    "submit_photo": ("I want to send my photo for the PR card",
                     "je veux envoyer ma photo pour la carte RP"),
    "read_contact": ("which email do you have on file?", "quel courriel avez-vous au dossier?"),
    "see_address": ("what address is on file?", "quelle adresse est au dossier?"),
    "reveal_address": ("show me the whole address", "montre-moi l'adresse au complet"),
    "change_address": ("I moved, change my address", "j'ai déménagé, changez mon adresse"),
    "manage_notices": ("send me an email when something changes",
                       "envoyez-moi un courriel quand ça change"),
    "list_sessions": ("where am I signed in?", "où ma session est-elle ouverte?"),
    "delete_data": ("delete my data", "supprimez mes données"),
}  # fmt: skip
OFFERED = ("read_own_part", "read_status", "read_detail", "read_member", "read_landing",
           "do_landing", "submit_photo", "change_address")  # fmt: skip
# At these stages the act is the one that is due.
STAGES = {"read_landing": "invited", "do_landing": "profile_ready",
          "submit_photo": "address_given", "change_address": "declared"}  # fmt: skip
FORMS = {"submit_photo": "photo", "change_address": "address"}
# Where a dialogue and its cell differ, and why.
INSTEAD = {
    # A grown dependant reads the state of the application as their own, not as the principal's.
    ("other_family", "read_own_part"): True,
    ("other_family", "read_status"): True,
}


@dataclass(frozen=True)
class Scene:
    """A file on which the person has a name, contacts, a request and a stage like nobody else."""

    standing: Standing
    number: str
    name: str
    contacts: tuple[str, str]


@lru_cache(maxsize=1)
def expected() -> dict[str, dict[str, str]]:
    """{act: {relation: cell}}, by hand."""
    with TABLE.open() as file:
        return {row.pop("act"): row for row in csv.DictReader(file)}


def rights_by_service(database: Database, seed: int = 0) -> Outcome:
    """Every cell by a service call, on real rows."""
    outcome = Outcome("rights, by service call", seed)
    cells = 0
    for act, row in expected().items():
        for relation, cell in row.items():
            with database.write() as session:
                at = stand(session, relation)
                found = authorize(session, at.viewer, act, at.person_id, at.application_id)
            cells += 1
            if found.form != cell:
                outcome.failures.append(f"{act}/{relation}: {found.form}, not {cell}")
    outcome.figures = {"cells by service call": cells}
    return outcome


async def rights_matrix(
    engine: Any, worker: Any, database: Database, seed: int = 0, share: float = 1.0
) -> Outcome:
    """Every cell by a service call, and `share` of them by a typed question in both languages."""
    by_service = rights_by_service(database, seed)
    outcome = Outcome("rights, by service call and dialogue", seed, failures=by_service.failures)
    asked = [
        (act, relation, language)
        for act, row in expected().items()
        for relation in row
        for language in LANGUAGES
        if relation not in AGENTS
    ]
    asked = Random(seed).sample(asked, round(len(asked) * share))
    told = 0
    with canary_sentences():
        for act, relation, language in asked:
            engine.store._live.clear()
            found = await _told(database, worker, _scene(database, relation, act), act, language)
            told += found
            if found != _wanted(act, relation):
                outcome.failures.append(f"{act}/{relation}/{language}: told is {found}")
    outcome.figures = {
        **by_service.figures,
        "dialogues": len(asked),
        "of them told": told,
        "of acts that no dialogue offers yet": sum(act not in OFFERED for act, *_ in asked),
    }
    return outcome


def _wanted(act: str, relation: str) -> bool:
    if act not in OFFERED:
        return False
    return INSTEAD.get((relation, act), expected()[act][relation] not in REFUSED)


async def _told(database: Database, worker: Any, scene: Scene, act: str, language: str) -> bool:
    """Whether the answer shows what the act is about."""
    talk = EngineTalk(database, worker, language, scene.standing.viewer.person_id)
    question = SCRIPT[act][LANGUAGES.index(language)]
    lines = await talk.type(question)
    text = everything(lines)
    if act in FORMS:
        return _form_for(database, talk.id, scene.standing.person_id, lines, FORMS[act])
    requested = vocabulary().requirements["police_certificate"][language] in text
    shown = {
        "read_own_part": masked(scene.number) in text,
        "read_status": catalogue()["case.overall_line"][language].split("{")[0] in text,
        "read_detail": requested,
        "do_landing": CANARY in text and say(language, "landing.button.declare") in text,
        "read_member": requested and (scene.name in text or _is_own(scene)),
    }
    if act not in shown:
        return CANARY in text or any(contact in text for contact in scene.contacts)
    # The overall status alone, of another file, is not this person's.
    return shown[act] and (act != "read_status" or masked(scene.number) in text)


def _form_for(
    database: Database, conversation_id: str, person_id: int, lines: list[Any], kind: str
) -> bool:
    """Whether a form of this kind is offered, for this very person."""
    with database.read() as session:
        ref = member_ref(session, conversation_id, person_id)
    cards = [line.get("card") or {} for line in lines]
    return any(card.get("kind") == kind and card["member"] == ref for card in cards)


def _is_own(scene: Scene) -> bool:
    return scene.standing.viewer.person_id == scene.standing.person_id


def _scene(database: Database, relation: str, act: str) -> Scene:
    with database.write() as session:
        at = stand(session, relation, overall="in_progress", acknowledged_on=DAY)
        row = {"application_id": at.application_id, "person_id": at.person_id}
        person = session.get(Person, at.person_id)
        name, contacts = (
            f"Canary{at.person_id}",
            (f"c{at.person_id}@canary.example", "613-555-0177"),
        )
        known = {"given_names": name, "email": contacts[0], "phone": contacts[1]}
        person.details = {**person.details, **known}
        session.add(Section(application_id=at.application_id, code="eligibility",
                            status="in_progress", changed_on=DAY))  # fmt: skip
        if act in STAGES:
            session.add(Landing(stage=STAGES[act], changed_on=DAY, **row))
        else:  # what is asked comes before the next step of landing
            session.add(Requirement(code="police_certificate", asked_on=DAY, **row))
            session.add(History(position=0, on=DAY, event="requirement_asked",
                                subject="police_certificate", **row))  # fmt: skip
        number = session.get(Application, at.application_id).number
    return Scene(at, number, name, contacts)
