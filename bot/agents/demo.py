"""The invented agents of the demonstration. Their passwords and secrets stand here for everybody to
read: an installation that is no demo never has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bot.agents.adding import add_agent
from bot.agents.passwords import code_at
from bot.clock import now
from bot.store import Agent, Database

PASSWORD = "demo-desk-2026"


@dataclass(frozen=True)
class DemoAgent:
    login: str
    name: str
    role: str
    languages: tuple[str, ...]
    secret: str


DEMO_AGENTS = (
    DemoAgent("ada", "Ada", "agent", ("en",), "KRSXG5CTMVRXEZLUEBUXGIDO"),
    DemoAgent("benoit", "Benoît", "agent", ("fr", "en"), "MJSW433JOQQGS4ZANFXHMZLO"),
    DemoAgent("chantal", "Chantal", "officer", ("fr", "en"), "MNUGC3TUMFWCA2LTEBUW45TF"),
    DemoAgent("dev", "Dev", "supervisor", ("en", "fr"), "MRSXMIDJOMQGS3TWMVXHIZLE"),
    DemoAgent("elise", "Élise", "administrator", ("fr", "en"), "MVWGS43FEBUXGIDJNZ3GK3TU"),
)


def load_demo_agents(database: Database) -> None:
    """Add those that are not there yet."""
    with database.write() as session:
        known = set(session.scalars(select(Agent.login)))
        for one in DEMO_AGENTS:
            if one.login not in known:
                add_agent(
                    session,
                    one.login,
                    one.name,
                    role=one.role,
                    languages=one.languages,
                    by="demo",
                    password=PASSWORD,
                    secret=one.secret,
                )


def shown_agents() -> list[dict[str, Any]]:
    """The agents as the demo's page shows them, with the code of this moment."""
    moment = now()
    return [
        {
            "login": one.login,
            "name": one.name,
            "role": one.role,
            "languages": one.languages,
            "password": PASSWORD,
            "code": code_at(one.secret, moment),
        }
        for one in DEMO_AGENTS
    ]
