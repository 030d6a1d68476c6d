"""Hostile texts in every field that people fill, shown on the desk, on the applicant's pages and in
the transcript: no script runs, nothing is fetched from outside, our own policy stops nothing
(knowledge: security, T16)."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, Route, sync_playwright
from sqlalchemy import select

from bot.agents.demo import load_demo_agents
from bot.agents.sessions import open_agent_session
from bot.chat.conversations import add_choices, add_line, open_conversation
from bot.clock import now
from bot.handoff import claim, note, request, speak, word
from bot.identity.sessions import open_session
from bot.store import Agent, CannedReply, Database
from connectors.webchat.plain import SHOWN
from tests.browser.conftest import ARGUMENTS, CHROMIUM, WATCH_POLICY
from tests.campaigns.outcome import Outcome
from tests.conftest import KEYS, make_settings
from tests.connectors.serving import running_desk, running_front

CANARY = "canary.example"
# What a script of theirs would do, in few characters.
RUN = "window.hit=1"
# One a line, as Python writes it in a literal, with the words RUN and CANARY to be filled in. After
# OWASP's cheat sheet on evading filters.
SHAPES = Path(__file__).with_suffix(".txt")


# Where all of them must stand as text (some lose a character that is none on the way).
WHOLE = ("desk conversation", "desk ready replies", "applicant's page", "page without scripts")


@dataclass
class Places:
    """Where to look: addresses of the desk and the front, each with the cookie that opens them.
    The page without scripts shows the newest lines only: `parts` open conversations with a part of
    the texts each."""

    desk: str
    front: str
    talk: int
    agent_token: str
    applicant_token: str
    parts: list[str]


def corpus(size: int, seed: int) -> list[str]:
    """`size` texts: the shapes, and the shapes bent by case, padding and nesting."""
    dice = random.Random(seed)
    shapes = [_filled(line) for line in SHAPES.read_text("ascii").splitlines()]
    found = dict.fromkeys(shapes)
    while len(found) < size:
        found[_bent(dice.choice(shapes), dice)] = None
    return list(found)[:size]


def _filled(line: str) -> str:
    shape = line.encode("ascii").decode("unicode_escape")
    return shape.replace("RUN", RUN).replace("CANARY", CANARY)


def _bent(text: str, dice: random.Random) -> str:
    bends = (
        lambda t: t.upper().replace("WINDOW.HIT=1", RUN),
        lambda t: t.replace("<", "<" + dice.choice(["/", "\t", "\u200b", "%00"]), 1),
        lambda t: t.replace(" ", dice.choice(["/", "\n", "\f", "/**/"])),
        lambda t: f"\"'>{t}",
        lambda t: f"{t}{t}",
        lambda t: f"]]>{t}<![CDATA[",
        lambda t: "".join(f"&#{ord(c)};" for c in t[:20]) + t[20:],
        lambda t: dice.choice("\u2066\u2067\u202a\u202e") + t,
    )
    return dice.choice(bends)(text)


def hostile_texts_stay_texts(size: int, seed: int) -> Outcome:
    """Each text in each field, each field in each place."""
    texts = corpus(size, seed)
    outcome = Outcome("hostile texts on the desk, the page, the transcript", seed)
    with _served(texts) as places, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        context = browser.new_context()
        context.add_init_script(WATCH_POLICY)
        context.route("**/api/chat/transcript", _opened)
        outside: list[str] = []
        context.on("request", lambda r: outside.append(r.url) if CANARY in r.url else None)
        seen: dict[str, set[str]] = {}
        for name, address, ready, token in _pages(places):
            _cookies(context, places.agent_token, token)
            page = context.new_page()
            page.on("dialog", lambda dialog: (outside.append("a dialog"), dialog.dismiss()))
            try:
                page.goto(address)
                page.wait_for_selector(ready, timeout=60_000, state="attached")
                page.wait_for_timeout(1_000)
                seen.setdefault(name, set()).update(_look(page, name, outcome, texts))
            except PlaywrightError as error:  # led away, or never there
                outcome.failures.append(f"{name}: {error.message.splitlines()[0]}")
                continue
            finally:
                page.close()
        for name, shown in seen.items():
            outcome.figures[f"shown: {name}"] = len(shown)
            if name in WHOLE and len(shown) < len(texts) * 0.9:
                few = f"only {len(shown)} of {len(texts)} stand there as text"
                outcome.failures.append(f"{name}: {few}")
        outcome.failures += [f"asked for {what}" for what in outside]
        browser.close()
    outcome.figures["texts"] = len(texts)
    return outcome


def _pages(places: Places) -> list[tuple[str, str, str, str]]:
    """(name, address, what must be there, the applicant's cookie) of each page."""
    desk, front = places.desk, places.front
    plain = f"{front}/en/plain"
    whole = [
        ("desk conversation", f"{desk}/en/c/{places.talk}", ".log__lines .line:nth-child(20)"),
        ("desk queue", f"{desk}/en#all", "desk-queue tbody tr"),
        ("desk ready replies", f"{desk}/en/replies", "article.review"),
        ("applicant's page", f"{front}/en", ".log__lines .line:nth-child(20)"),
        ("transcript", f"{front}/api/chat/transcript", "body"),
    ]
    return [
        *((*page, places.applicant_token) for page in whole),
        *(("page without scripts", plain, "main .line, main li", token) for token in places.parts),
    ]


def _look(page: Page, name: str, outcome: Outcome, texts: list[str]) -> set[str]:
    """Which of the texts stand there as text."""
    if page.evaluate("window.hit"):
        outcome.failures.append(f"{name}: a script ran")
    stopped = page.evaluate("window.violations ?? []")
    outcome.failures += [f"{name}: policy stopped {one}" for one in stopped]
    body = " ".join(page.evaluate("document.body.textContent").split())
    return {text for text in texts if " ".join(text.split()) in body}


def _opened(route: Route) -> None:
    """The transcript is a file to keep: opened as from somebody's disk, without any policy."""
    answer = route.fetch()
    dropped = ("content-disposition", "content-security-policy")
    headers = {name: value for name, value in answer.headers.items() if name not in dropped}
    route.fulfill(response=answer, headers=headers)


def _cookies(context: Any, agent: str, applicant: str) -> None:
    both = {"domain": "localhost", "path": "/"}
    context.add_cookies(
        [
            {"name": "passage-desk", "value": agent, **both},
            {"name": "passage", "value": applicant, **both},
        ]
    )


@contextmanager
def _served(texts: list[str]) -> Iterator[Places]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        database = Database(f"sqlite:///{home / 'p.db'}", KEYS)
        database.migrate()
        load_demo_agents(database)
        agent_token, applicant_token, talk = _fill(database, texts)
        parts = [_part(database, some) for some in _parts(texts)]
        settings = make_settings(home, database.url)
        with (
            running_front(settings, database) as front,
            running_desk(front.settings, database) as desk,
        ):
            _check_transcript(front.url, applicant_token)
            yield Places(desk.url, front.url, talk, agent_token, applicant_token, parts)
        database.close()


def _check_transcript(url: str, token: str) -> None:
    answer = httpx.get(f"{url}/api/chat/transcript", cookies={"passage": token})
    assert answer.status_code == 200, "the transcript opens with the applicant's cookie"


def _fill(database: Database, texts: list[str]) -> tuple[str, str, int]:
    """Every field with every text: what the person wrote, what the agent wrote and is called, what
    the bot offered and linked, notes, a supervisor's words, topics, names and texts of ready
    replies."""
    with database.write() as session:
        ada = session.execute(select(Agent).where(Agent.login == "ada")).scalar_one()
        conversation = open_conversation(session, "web", "en")
        _talk(session, conversation, texts)
        handoff = request(session, conversation, "asked", topic=texts[0][:60])
        claim(session, handoff.id, ada)
        for place, text in enumerate(texts):
            ada.name = text[:60]
            session.flush()
            speak(session, conversation, text, "en", ada)
            note(session, handoff.id, ada, text)
            word(session, handoff.id, ada, text)
            replies = {"en": text, "fr": text, "changed_at": now()}
            session.add(CannedReply(name=f"{text[:50]} {place}", **replies))
        waiting = open_conversation(session, "web", "en")
        request(session, waiting, "asked", topic=texts[1][:60])
        token = open_session(session, conversation)
        return open_agent_session(session, ada.id), token, int(handoff.id)


def _talk(session: Any, conversation: str, texts: list[str]) -> None:
    """What the person wrote, and what the bot wrote, linked and offered."""
    for place, text in enumerate(texts):
        add_line(session, conversation, "user", {"text": text}, f"c{place:015d}")
        body = {"text": text, "lang": "en", "links": [{"label": text, "url": text}]}
        chosen = [{"label": text, "intent": "affirm", "entities": {}}]
        offered = add_choices(session, conversation, chosen)
        add_line(session, conversation, "bot", {**body, "choices": offered})


def _parts(texts: list[str]) -> list[list[str]]:
    """As many of the texts as the page without scripts shows of one conversation, and so on."""
    step = SHOWN // 2
    return [texts[at : at + step] for at in range(0, len(texts), step)]


def _part(database: Database, texts: list[str]) -> str:
    """A conversation with these texts; the cookie that opens it."""
    with database.write() as session:
        conversation = open_conversation(session, "web", "en")
        _talk(session, conversation, texts)
        return open_session(session, conversation)
