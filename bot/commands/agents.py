"""The commands `agents add`, `agents list` and `agents end`.

Exit status: 0 done, 1 there is no such agent, 2 it could not run.
"""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.agents.adding import AgentRefused, add_agent, all_agents, end_agent
from bot.commands.operator import operator_name
from bot.commands.ready import ready_database
from bot.commands.speaking import COULD_NOT_RUN, NEEDS_A_LOOK, tell
from bot.settings import operator_language
from bot.texts import say

agents = typer.Typer(
    help="The desk's agents: add, list, end / Agents du poste : ajouter, lister, retirer",
    no_args_is_help=True,
)
output = Console(highlight=False, soft_wrap=True)

Login = Annotated[str, typer.Argument(help="User name at the desk / Nom d’utilisateur au poste")]


@agents.command("add", help="Add an agent / Ajouter un agent.")
def add_command(
    login: Login,
    name: Annotated[str, typer.Option(help="What applicants are told / Nom donné aux demandeurs")],
    role: Annotated[str, typer.Option(help="agent, officer, supervisor, administrator")] = "agent",
    speaks: Annotated[
        str, typer.Option(help="en, fr or en,fr: the first is their own / la première est la leur")
    ] = "en,fr",
) -> None:
    """The password and the secret are shown this once: they are stored in no readable form."""
    languages = tuple(part.strip() for part in speaks.split(",") if part.strip())
    try:
        with ready_database() as database, database.write() as session:
            new = add_agent(
                session, login, name, role=role, languages=languages, by=operator_name()
            )
    except AgentRefused as refused:
        tell(f"agents_cli.refused.{refused.reason}")
        raise typer.Exit(COULD_NOT_RUN) from refused
    tell("agents_cli.added", login=new.login)
    for key, value in (("password", new.password), ("secret", new.secret), ("setup", new.setup)):
        output.print(f"{say(operator_language(), f'agents_cli.{key}')} {value}", markup=False)


@agents.command("list", help="Who works at the desk / Qui travaille au poste.")
def list_command() -> None:
    language = operator_language()
    table = Table()
    for column in ("login", "name", "role", "languages", "since", "ended"):
        table.add_column(say(language, f"desk.people.{column}"), overflow="fold")
    with ready_database() as database, database.read() as session:
        for one in all_agents(session):
            spoken = ", ".join(each for each in ("en", "fr") if one.speaks(each))
            ended = f"{one.ended_at:%Y-%m-%d}" if one.ended_at else ""
            role = say(language, f"desk.role.{one.role}")
            since = f"{one.created_at:%Y-%m-%d}"
            table.add_row(one.login, one.name, role, spoken, since, ended)
    output.print(table)


@agents.command("end", help="An agent leaves / Un agent part.")
def end_command(login: Login) -> None:
    """They are out at once; what they wrote keeps their name."""
    try:
        with ready_database() as database, database.write() as session:
            end_agent(session, login, operator_name())
    except AgentRefused as refused:
        tell(f"agents_cli.refused.{refused.reason}")
        raise typer.Exit(NEEDS_A_LOOK) from refused
    tell("agents_cli.ended", login=login)
