"""What a person full of canaries does with a whole service: the page, forms, photos, an agent, text
messages, in one language after the other."""

from __future__ import annotations

import json
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select, update

from bot.agents.demo import load_demo_agents
from bot.cases.importing import import_cases
from bot.clock import today
from bot.landing.members import member_ref
from bot.opening import open_database
from bot.store import Application, Conversation, Landing, Participant
from tests.campaigns.canary_values import (
    ADDRESS,
    FILE_NAME,
    IN_PHOTO,
    NUMBER,
    PERSON,
    REPRESENTATIVE,
    TYPED,
)
from tests.campaigns.hostile_corpus import jpeg
from tests.desk.staff import ask_for_person, sign_in
from tests.support.applicant import Applicant, mailed_code, mailed_codes
from tests.support.processes import Service
from tests.support.texting import TextingPhone

DETAILS = ("uci", "family_name", "given_names", "birth_date", "birth_place")
AGENTS = {"en": "ada", "fr": "benoit"}
MOBILE = "+1" + "".join(c for c in PERSON["phone"] if c.isdigit())


def load(service: Service) -> None:
    """The file, and agents."""
    database = open_database(service.settings)
    database.migrate()
    load_demo_agents(database)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "canary.jsonl"
        path.write_text(json.dumps(_record()) + "\n")
        result = import_cases(database, path)
    assert result.added == 1, result
    with database.write() as session:
        application = session.scalars(select(Application)).one()
        seat = select(Participant.person_id).where(Participant.role == "principal_applicant")
        here = {"application_id": application.id, "person_id": session.scalar(seat)}
        session.add(Landing(stage="address_given", changed_on=today(), **here))
    database.close()


def _record() -> dict[str, Any]:
    day = today().isoformat()
    people: list[dict[str, Any]] = [
        {"ref": "pa", "roles": ["principal_applicant"], "language": "en", **PERSON},
        {"ref": "rep", "roles": ["representative"], "language": "fr", **REPRESENTATIVE},
    ]
    return {
        "application_number": NUMBER,
        "line": "family_partner",
        "received_on": day,
        "acknowledged_on": day,
        "overall": "in_progress",
        "updated_on": day,
        "as_of": f"{day}T00:00:00Z",
        "sections": {},
        "documents": {},
        "history": [],
        "people": people,
        "requirements": [],
        "mandates": [
            {"person": "rep", "form": "IMM5476", "scope": "all", "signed_on": day}
        ],
        "landing": [],
    }  # fmt: skip


class Life:
    """One person, in one language; `lines` is how many were said."""

    def __init__(self, service: Service, language: str) -> None:
        self.lines = 0
        self._service, self._language = service, language
        self._database = open_database(service.settings)
        self._page = Applicant(service.url, language)

    def live(self) -> None:
        try:
            self._prove()
            self._move()
            self._send_photos()
            self._texts()
            self._with_agent()
            self._ask_oddly()
            self.lines = len(self._page.all_lines_when(lambda seen: len(seen) > 45, seconds=8))
        finally:
            self._page.close()
            self._database.close()

    def _prove(self) -> None:
        for sentence in TYPED[self._language]:
            self._page.type(sentence.format(**PERSON, number=NUMBER))
            time.sleep(0.3)
        details = {**{name: PERSON[name] for name in DETAILS}, "number": NUMBER}
        assert self._page.identify({**details, "family_name": "Quokkavesse"}).status_code == 202
        before = self._codes()
        assert self._page.identify(details).status_code == 202
        code = mailed_code(self._service.url, PERSON["email"], after=before)
        self._page.type(f"my code is {code}" if self._language == "en" else f"mon code est {code}")
        assert self._page.code(code).status_code == 200
        self._page.type(f"{PERSON['given_names']} {PERSON['family_name']}")

    def _move(self) -> None:
        before = self._codes()
        body = {"client_id": uuid.uuid4().hex, "member": self._member, **ADDRESS}
        _accepted(self._page.post("address/send", body), 202)
        code = mailed_code(self._service.url, PERSON["email"], after=before)
        _accepted(self._page.post("address/code", {"code": code}), 200)

    def _send_photos(self) -> None:
        """One that is kept and one that is not, both with words in them; and by the page without
        scripts a file with a name, which that page need not take."""
        whole = jpeg()
        words = b"\xff\xfe" + (2 + len(IN_PHOTO)).to_bytes(2, "big") + IN_PHOTO
        with self._database.write() as session:
            session.execute(update(Landing).values(stage="address_given"))
        for photo in (whole[:2] + words + whole[2:], whole[:2] + words):
            answer = self._page.send_photo(photo, self._member)
            assert answer.status_code == 200, answer.text
        files = {"photo": (FILE_NAME, whole[:2] + words, "image/jpeg")}
        self._page.send_form(f"/{self._language}/plain/photo", files)

    def _texts(self) -> None:
        """Their own phone: nobody's at first, then linked, and more is texted than is asked."""
        phone = TextingPhone(self._service.url, MOBILE)
        for sentence in TYPED[self._language]:
            phone.text(sentence.format(**PERSON, number=NUMBER))
        phone.link(self._page.post)
        phone.text("STATUS" if self._language == "en" else "STATUT")
        phone.next_text()
        phone.close()

    def _with_agent(self) -> None:
        """They write to an agent, who opens the file, notes and answers with what they read."""
        handoff = ask_for_person(self._database, self._conversation)
        url = self._service.settings.desk_url
        one = f"/api/desk/conversations/{handoff}"
        with httpx.Client(base_url=url, headers={"Origin": url}, timeout=30) as agent:
            sign_in(agent, AGENTS[self._language])
            _accepted(agent.post(f"{one}/claim", json={}), 200)
            self._page.type(TYPED[self._language][0].format(**PERSON, number=NUMBER))
            name = f"{PERSON['given_names']} {PERSON['family_name']}, {PERSON['email']}"
            _accepted(agent.post(f"{one}/note", json={"text": f"{name}, {NUMBER}"}), 200)
            reveal = {"id": self._application, "reason": "question"}
            _accepted(agent.post(f"{one}/file", json=reveal), 200)
            said = {"client_id": uuid.uuid4().hex, "text": f"{name}: {PERSON['uci']}"}
            _accepted(agent.post(f"{one}/messages", json=said), 202)
            for page in (one, f"/{self._language}/c/{handoff}", f"/{self._language}"):
                assert agent.get(page).status_code == 200, page
            _accepted(agent.post(f"{one}/return", json={}), 200)

    def _ask_oddly(self) -> None:
        """Requests that are refused, with details where none belong: addresses are logged first."""
        for name, value in {**PERSON, "number": NUMBER}.items():
            for url in (self._service.url, self._service.settings.desk_url):
                httpx.get(f"{url}/{value}", params={name: value})
                httpx.post(f"{url}/api/chat/identify", content=value.encode())

    @property
    def _conversation(self) -> str:
        with self._database.read() as session:
            query = select(Conversation.id).where(Conversation.person_id.is_not(None))
            web = query.where(Conversation.channel == "web")
            return str(session.scalars(web.order_by(Conversation.created_at.desc())).first())

    @property
    def _application(self) -> int:
        with self._database.read() as session:
            return int(session.scalar(select(Application.id)))

    @property
    def _member(self) -> str:
        with self._database.read() as session:
            person = select(Conversation.person_id).where(Conversation.id == self._conversation)
            return member_ref(session, self._conversation, session.scalar(person))

    def _codes(self) -> int:
        return len(mailed_codes(self._service.url, PERSON["email"]))


def _accepted(answer: httpx.Response, status: int) -> None:
    assert answer.status_code == status, answer.text
