"""The commands `agents add`, `agents link`, `agents list` and `agents end`.

Exit status: 0 done, 1 there is no such agent, 2 it could not run.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.agents.adding import (
    Account,
    AgentRefused,
    add_agent,
    add_provided_agent,
    all_agents,
    end_agent,
    link_agent,
)
from bot.agents.roles import BREAK_GLASS
from bot.commands.operator import operator_name
from bot.commands.ready import ready_database
from bot.commands.speaking import COULD_NOT_RUN, NEEDS_A_LOOK, settings_or_exit, stopped, tell
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
    oidc: Annotated[
        str,
        typer.Option(help="What the provider calls them / Leur identifiant chez le fournisseur"),
    ] = "",
) -> None:
    """The password and the secret are shown this once: they are stored in no readable form. With
    --oidc there are none: the organisation's provider signs the agent in."""
    languages = tuple(part.strip() for part in speaks.split(",") if part.strip())
    who: dict[str, Any] = {"role": role, "languages": languages, "by": operator_name()}
    account = _account(oidc, role)
    try:
        with ready_database() as database, database.write() as session:
            if account:
                known = add_provided_agent(session, login, name, account=account, **who)
                tell("agents_cli.provided", login=known)
                return
            new = add_agent(session, login, name, **who)
    except AgentRefused as refused:
        raise _stopped(refused, COULD_NOT_RUN) from refused
    tell("agents_cli.added", login=new.login)
    for key, value in (("password", new.password), ("secret", new.secret), ("setup", new.setup)):
        output.print(f"{say(operator_language(), f'agents_cli.{key}')} {value}", markup=False)


@agents.command("link", help="Sign in with the provider / Ouvrir la session chez le fournisseur.")
def link_command(
    login: Login,
    subject: Annotated[
        str, typer.Argument(help="What the provider calls them / Leur identifiant chez lui")
    ],
) -> None:
    """Their password works no more."""
    account = _account(subject, "")
    assert account is not None
    try:
        with ready_database() as database, database.write() as session:
            link_agent(session, login, account, operator_name())
    except AgentRefused as refused:
        status = NEEDS_A_LOOK if refused.reason == "unknown" else COULD_NOT_RUN
        raise _stopped(refused, status) from refused
    tell("agents_cli.provided", login=login)


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
        raise _stopped(refused, NEEDS_A_LOOK) from refused
    tell("agents_cli.ended", login=login)


def _account(subject: str, role: str) -> Account | None:
    """Their account with the provider of the settings; None when they are to have a password."""
    provider = settings_or_exit().oidc
    if subject and provider is None:
        raise stopped("agents_cli.no_provider")
    if provider is None or (not subject and provider.break_glass and role in BREAK_GLASS):
        return None
    # A password would open nothing.
    if not subject:
        raise stopped("agents_cli.no_subject")
    return Account(provider.issuer, subject)


def _stopped(refused: AgentRefused, status: int) -> typer.Exit:
    tell(f"agents_cli.refused.{refused.reason}")
    return typer.Exit(status)
